package sealing

import (
	"encoding/hex"
	"reflect"
	"testing"

	"github.com/google/uuid"
)

type prova struct {
	Persone []persona `json:"persone"`
	Note    string    `json:"note" personale:"testo"`
	Comune  string    `json:"comune"`
}

type persona struct {
	ID   uuid.UUID `json:"componente_id" soggetto:"persona"`
	Nome string    `json:"nome" personale:"nome"`
}

// The vector that docs/formato-eventi.md publishes. It never changes: a program
// that writes another form cannot read what is stored.
func TestTheSealIsThePublishedOne(t *testing.T) {
	const (
		clear = `{"persone":[{"componente_id":"aaaaaaaa-0000-4000-8000-000000000001","nome":"ANNA"}],"note":"vive sola","comune":"G273"}`
		want  = `{"sigillati":[{"sog":"persona/aaaaaaaa-0000-4000-8000-000000000001","kid":"00000001-0000-0000-0000-000000000000","dove":["/persone/0"],"imp":"EtSqEdp8kGLIG8b-U9Fs9g","n":"AQEBAQEBAQEBAQEB","ct":"M2hmWZilw9tK-BTIMlMZ_MToj0HoVpNxLQenPgsKDxK0"},{"sog":"documento/3b81edf5-3724-5aeb-b813-f0fdc181b569","kid":"00000002-0000-0000-0000-000000000000","dove":[""],"imp":"CnQgdKp5qA9x3fI6DYktgQ","n":"AgICAgICAgICAgIC","ct":"V5Co46Y43reqmSIPNBlDubNPiuANxM-eJgQl7kVMQw0vY988jeE"}],"persone":[{"componente_id":"aaaaaaaa-0000-4000-8000-000000000001"}],"comune":"G273"}`
	)
	at := Place{Stream: "caso-0b6ef4c2-3f0a-5a51-9d3c-0a4f3a1c7e55", Type: "Prova", ID: uuid.MustParse("3b81edf5-3724-5aeb-b813-f0fdc181b569")}
	keys := map[string]Key{}
	find := func(subject string) (Key, error) {
		k := Key{ID: uuid.UUID{3: byte(len(keys) + 1)}}
		secret, _ := hex.DecodeString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
		k.Secret = Secret(secret)
		k.Secret[0] = byte(len(keys))
		keys[subject] = k
		return k, nil
	}
	nonce := byte(0)
	sealed, err := seal([]byte(clear), reflect.TypeFor[prova](), at, find, func(b []byte) {
		nonce++
		for i := range b {
			b[i] = nonce
		}
	})
	if err != nil || string(sealed) != want {
		t.Errorf("%v\n%s", err, sealed)
	}
}
