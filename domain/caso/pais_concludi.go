package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// ConcludiPaIS ends the PaIS in force and closes the case with it.
type ConcludiPaIS struct {
	Esito       EsitoPaIS
	Motivazione string `personale:"testo"` // optional
	Data        giorno.Giorno
	Oggi        giorno.Giorno
}

// ErrEsitoPaIS refuses an outcome that is none.
var ErrEsitoPaIS = domain.Refuse(domain.Unprocessable, "pais.esito_non_valido", "a PaIS ends RAGGIUNTO, PARZIALE or NON_RAGGIUNTO")

// Decide answers ConcludiPaIS.
func (c ConcludiPaIS) Decide(s State) ([]Event, error) {
	concluso := PaISConcluso{Esito: c.Esito, Data: c.Data}
	chiuso := CasoChiuso{Motivo: ChiusoPerPaIS, Motivazione: c.Motivazione, Data: c.Data}
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case !slices.Contains(EsitiPaIS, c.Esito):
		return nil, ErrEsitoPaIS.At("esito")
	case prolisso(c.Motivazione):
		return nil, ErrTestoTroppoLungo.At("motivazione")
	case c.Data.IsZero() || c.Data > c.Oggi:
		return nil, ErrDataStrumento.At("data")
	case s.PaIS.Conclusione == concluso && s.Chiusura == chiuso:
		return nil, nil
	case !s.Stato.Aperto():
		return nil, ErrNonAperto
	case s.Stato != InMonitoraggio:
		return nil, ErrPaISNonInVigore
	case c.Data < s.PaIS.Firma.Data:
		return nil, ErrDataStrumento.At("data")
	}
	return s.fermando(c.Data, concluso, chiuso), nil
}
