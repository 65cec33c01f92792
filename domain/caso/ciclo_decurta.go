package caso

import "slices"

// ComunicaDecurtazione tells that INPS keeps back some months of the benefit.
type ComunicaDecurtazione struct{ DecurtazioneComunicata }

// Decide answers ComunicaDecurtazione.
func (c ComunicaDecurtazione) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case c.Mensilita < 1 || c.Mensilita > massimoDecurtazione:
		return nil, ErrMensilita.At("mensilita")
	case c.Dal.IsZero() || c.Dal < s.Domanda.DataPresentazione:
		return nil, ErrData.At("dal")
	case slices.Contains(s.Beneficio.Decurtazioni, c.DecurtazioneComunicata):
		return nil, nil
	}
	return []Event{c.DecurtazioneComunicata}, nil
}
