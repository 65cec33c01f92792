package operatore

// AnnullaRegistrazione takes back that a person was made known, unless they
// have a role: what was registered together with a role that did not hold.
type AnnullaRegistrazione struct{ Motivo string }

// Decide answers AnnullaRegistrazione.
func (c AnnullaRegistrazione) Decide(s State) ([]Event, error) {
	if !s.Registrato {
		return nil, nil
	}
	for _, a := range s.Accreditamenti {
		if !a.Revocato {
			return nil, nil
		}
	}
	return []Event{RegistrazioneAnnullata(c)}, nil
}
