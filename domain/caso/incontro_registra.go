package caso

import (
	"reflect"
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RegistraIncontro says that a nucleo was met, came unasked or had a reason
// not to come: at a planned meeting, or at none. It may be said late, of a day
// not before the case could have a meeting.
type RegistraIncontro struct {
	Incontro    id.Incontro // of the planned one, or a new one
	Tipo        TipoIncontro
	Data        giorno.Giorno
	Presenti    []id.Componente
	Motivazione string `personale:"testo"` // must for GIUSTIFICATO_MOTIVO
	Documento   domain.Digest
	Oggi        giorno.Giorno
}

// RegistraMancataPresentazione says who did not come to a planned meeting.
type RegistraMancataPresentazione struct {
	Incontro   id.Incontro
	Componenti []id.Componente
	Data       giorno.Giorno
	Oggi       giorno.Giorno
}

// Decide answers RegistraIncontro.
func (c RegistraIncontro) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	if err := c.controlla(s); err != nil {
		return nil, err
	}
	e := IncontroRegistrato{
		Incontro: c.Incontro, Tipo: c.Tipo, Data: c.Data, RegistratoIl: c.Oggi, Presenti: append([]id.Componente(nil), c.Presenti...),
		Motivazione: c.Motivazione, Documento: c.Documento, NuovaScadenza: c.nuovaScadenza(s),
	}
	questo, noto := s.Incontri.Trova(c.Incontro)
	prima := questo.Registrato
	prima.RegistratoIl, prima.NuovaScadenza = e.RegistratoIl, e.NuovaScadenza
	switch {
	case noto && reflect.DeepEqual(prima, e):
		return nil, nil
	case noto && !c.conclude(questo):
		return nil, ErrIncontroConcluso
	case s.fermo():
		return nil, ErrNonAperto
	}
	return s.fermando(c.Data, e), nil
}

func (c RegistraIncontro) controlla(s State) error {
	giustificato := c.Tipo == GiustificatoMotivo
	switch {
	case c.Incontro.IsZero():
		return ErrIncontroID.At("incontro_id")
	case c.Tipo != AvvenutoIncontro && c.Tipo != PresentazioneSpontanea && !giustificato:
		return ErrIncontroTipo.At("tipo")
	case c.Data < s.primoGiorno() || c.Data > c.Oggi:
		return ErrIncontroData.At("data_incontro")
	case giustificato != (len(c.Presenti) == 0) || !s.Nucleo.validi(c.Presenti):
		return ErrIncontroPresenti.At("presenti")
	case giustificato && !testoEntro(c.Motivazione, 1, massimoMotivo), !testoEntro(c.Motivazione, 0, massimoMotivo):
		return ErrIncontroMotivo.At("motivazione")
	}
	return nil
}

// conclude reports whether the registration may follow on what the meeting is:
// one to be held, or one that was missed and turns out to have had a reason.
func (c RegistraIncontro) conclude(questo Incontro) bool {
	return questo.Stato.Aperto() || c.Tipo == GiustificatoMotivo && questo.Stato == StatoNonPresentato && questo.Registrato.Incontro.IsZero()
}

// nuovaScadenza is by when the nucleo has to come again; none without the duty.
func (c RegistraIncontro) nuovaScadenza(s State) giorno.Giorno {
	if s.Domanda.Misura != ADI || s.PAD.IsZero() || s.Nucleo.SenzaObbligoPeriodico(c.Oggi) {
		return 0
	}
	return max(c.Data, s.Incontri.Ultima) + terminiRinnovo
}

// primoGiorno is the first day on which the case could have a meeting.
func (s State) primoGiorno() giorno.Giorno {
	if s.Domanda.Misura == ADI && !s.PAD.IsZero() {
		return s.PAD
	}
	return s.Domanda.DataPresentazione
}

// validi reports whether all are or were in the nucleo, each once.
func (n Nucleo) validi(persone []id.Componente) bool {
	return !ripetuti(persone) && !slices.ContainsFunc(persone, func(i id.Componente) bool { return !n.ricorda(i) })
}

// Decide answers RegistraMancataPresentazione.
func (c RegistraMancataPresentazione) Decide(s State) ([]Event, error) {
	questo, noto := s.Incontri.Trova(c.Incontro)
	e := MancataPresentazioneRegistrata{Incontro: c.Incontro, Componenti: append([]id.Componente(nil), c.Componenti...), Data: c.Data}
	switch {
	case !noto:
		return nil, ErrIncontroInesistente
	case len(c.Componenti) == 0 || !s.Nucleo.validi(c.Componenti):
		return nil, ErrIncontroPresenti.At("componenti")
	case reflect.DeepEqual(questo.Mancata, e):
		return nil, nil
	case !questo.Stato.Aperto():
		return nil, ErrIncontroConcluso
	case c.Data < giorno.Di(questo.Pianificato.Inizio) || c.Data > c.Oggi:
		return nil, ErrIncontroData.At("data")
	case s.fermo():
		return nil, ErrNonAperto
	}
	return []Event{e}, nil
}
