package eventstore

// seal and open stand between JSON and the wire. Personal data are to be
// sealed here, per person (ADR 0008); the chain is computed over what seal
// returns, so that a key can be destroyed and the chain still holds.

func seal(data []byte) ([]byte, error) { return data, nil }

func open(s Stored) ([]byte, error) { return s.Data, nil }
