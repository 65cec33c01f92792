package ambito

import (
	"unicode/utf8"

	"nucleo/domain"
)

// RegolaAutoapprovazione says whether, in an ambito, who proposed a
// segnalazione may approve it too (ambiguity 9.13).
type RegolaAutoapprovazione struct {
	Vietata bool
	Nota    string `personale:"testo"`
}

// ErrNota refuses a note that is too long.
var ErrNota = domain.Refuse(domain.Unprocessable, "ambito.nota_non_valida", "a note has at most 500 characters")

const massimoNota = 500

// Decide answers RegolaAutoapprovazione.
func (c RegolaAutoapprovazione) Decide(s State) ([]Event, error) {
	switch {
	case s.Codice == "":
		return nil, ErrInesistente
	case utf8.RuneCountInString(c.Nota) > massimoNota:
		return nil, ErrNota.At("nota")
	case s.AutoapprovazioneVietata == c.Vietata:
		return nil, nil
	case c.Vietata:
		return []Event{AutoapprovazioneVietata{Nota: c.Nota}}, nil
	}
	return []Event{AutoapprovazioneConsentita{Nota: c.Nota}}, nil
}
