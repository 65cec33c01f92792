package spedizioniere

import (
	"cmp"
	"context"
	"errors"

	"nucleo/cmd/nucleo/internal/inps"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/id"
)

// ricevi takes a receipt of INPS: in the case, then in the flusso, which it
// may bring to its end. The same receipt again changes nothing.
func (s *Spedizioniere) ricevi(ctx context.Context, r inps.Ricevuta) error {
	domanda, _ := caso.NormalizzaIDDomanda(r.IDDomanda)
	v := flussoinps.Voce{Caso: id.CasoDi(domanda), Segnalazione: r.ID, Tipo: r.Tipo}
	questa, _, err := s.segnalazione(ctx, v)
	if err != nil {
		return err
	}
	f := r.Flusso
	if v.Tipo != flussoinps.Rettifica {
		f = questa.Flusso
		req := s.richiesta(domain.INPS, "acquisita", r.ID.String(), r.Ricevuta)
		cmd := caso.RegistraAcquisizione{Segnalazione: r.ID, Protocollo: cmp.Or(r.Protocollo, questa.Protocollo, questa.Flusso), Ricevuta: r.Ricevuta}
		err := s.nota(s.Comandi.RegistraAcquisizione(ctx, req, v.Caso, cmd))
		if err != nil && !errors.Is(err, caso.ErrRettificata) { // the receipt of what was corrected meanwhile ends its flusso all the same
			return err
		}
	}
	_, err = s.sulFlusso(ctx, f, flussoinps.RegistraRicevuta{Voce: v, Ricevuta: r.Ricevuta})
	return err
}
