package caso

import (
	"reflect"
	"slices"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// AvviaAnalisiPreliminare begins the AP of a case that waits to be started
// (ambiguity 9.23: nothing else begins it).
type AvviaAnalisiPreliminare struct {
	Data     giorno.Giorno
	Luogo    Luogo
	Presenti []id.Componente
	Oggi     giorno.Giorno
}

// Decide answers AvviaAnalisiPreliminare.
func (c AvviaAnalisiPreliminare) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	e := AnalisiPreliminareAvviata{Data: c.Data, Luogo: c.Luogo, Presenti: elenco(c.Presenti)}
	switch {
	case c.Data.IsZero() || c.Data > c.Oggi || c.Data < s.Domanda.DataPresentazione:
		return nil, ErrDataStrumento.At("data")
	case c.Luogo != "" && !slices.Contains(Luoghi, c.Luogo):
		return nil, ErrLuogo.At("luogo")
	case reflect.DeepEqual(s.AP.Avvio, e):
		return nil, nil
	case s.Stato != DaAvviare:
		return nil, ErrAPAvviata
	case !s.Nucleo.comprende(c.Presenti):
		return nil, ErrFuoriNucleo.At("presenti")
	}
	return []Event{e}, nil
}
