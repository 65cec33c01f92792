package caso

import (
	"slices"

	"nucleo/domain/id"
)

// Annota writes a note into the diary of a case, in whatever state it is.
type Annota struct {
	Annotazione id.Annotazione
	Testo       string `personale:"testo"`
	Riservata   bool
}

// Decide answers Annota.
func (c Annota) Decide(s State) ([]Event, error) {
	e := AnnotazioneInserita(c)
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case c.Annotazione.IsZero():
		return nil, ErrAnnotazioneID.At("annotazione_id")
	case !testoEntro(c.Testo, 1, massimoAnnotazione):
		return nil, ErrAnnotazioneTesto.At("testo")
	}
	i := slices.IndexFunc(s.Diario, func(a AnnotazioneInserita) bool { return a.Annotazione == c.Annotazione })
	switch {
	case i < 0:
		return []Event{e}, nil
	case s.Diario[i] != e:
		return nil, ErrAnnotazioneDoppia.At("annotazione_id")
	}
	return nil, nil
}
