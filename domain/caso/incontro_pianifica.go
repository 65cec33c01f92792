package caso

import (
	"reflect"
	"slices"
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// PianificaIncontro puts a meeting with people of the nucleo on the agenda.
type PianificaIncontro struct {
	Incontro     id.Incontro
	Inizio       time.Time       // in the location of the service, whose day it is
	Durata       int             // minutes
	Luogo        string          `personale:"testo"`
	Operatore    id.Operatore    // who holds it; zero when nobody is named
	Partecipanti []id.Componente // none: the nucleo
	Obiettivi    []id.Obiettivo
	Impegni      []id.Impegno
	Territori    []domain.Territorio // where Operatore holds meetings, when it is not the case manager
	Oggi         giorno.Giorno
}

// RinviaIncontro moves a meeting to another time.
type RinviaIncontro struct {
	Incontro    id.Incontro
	NuovoInizio time.Time // in the location of the service
	Motivo      string    `personale:"testo"`
	Oggi        giorno.Giorno
}

// AnnullaIncontro takes a meeting off the agenda.
type AnnullaIncontro struct {
	Incontro id.Incontro
	Motivo   string `personale:"testo"`
}

const agenda giorno.Giorno = 731 // days ahead for which meetings are planned

// Decide answers PianificaIncontro.
func (c PianificaIncontro) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	if err := c.controlla(s); err != nil {
		return nil, err
	}
	e := IncontroPianificato{
		Incontro: c.Incontro, Inizio: minuto(c.Inizio), Durata: c.Durata, Luogo: c.Luogo, Operatore: c.Operatore,
		Partecipanti: append([]id.Componente(nil), c.Partecipanti...),
		Obiettivi:    append([]id.Obiettivo(nil), c.Obiettivi...),
		Impegni:      append([]id.Impegno(nil), c.Impegni...),
	}
	prima, noto := s.Incontri.Trova(c.Incontro)
	switch {
	case noto && reflect.DeepEqual(prima.Pianificato, e):
		return nil, nil
	case noto:
		return nil, ErrIncontroDoppio.At("incontro_id")
	case s.fermo():
		return nil, ErrNonAperto
	case !inAgenda(c.Inizio, c.Oggi):
		return nil, ErrIncontroInizio.At("inizio")
	case !c.tenuto(s):
		return nil, ErrIncontroOperatore.At("operatore_id")
	}
	return s.fermando(c.Oggi, e), nil
}

// tenuto reports whether who is named may hold meetings with the nucleo: its
// case manager, or somebody accredited where it lives.
func (c PianificaIncontro) tenuto(s State) bool {
	return c.Operatore.IsZero() || s.Di(c.Operatore) ||
		slices.ContainsFunc(c.Territori, func(t domain.Territorio) bool { return t.Copre(s.Ambito, s.Comune) })
}

func (c PianificaIncontro) controlla(s State) error {
	switch {
	case c.Incontro.IsZero():
		return ErrIncontroID.At("incontro_id")
	case c.Inizio.IsZero():
		return ErrIncontroInizio.At("inizio")
	case c.Durata < 1 || c.Durata > durataMassima:
		return ErrIncontroDurata.At("durata_minuti")
	case !testoEntro(c.Luogo, 0, massimoLuogo):
		return ErrIncontroTesto.At("luogo")
	case !s.Nucleo.validi(c.Partecipanti):
		return ErrIncontroPresenti.At("partecipanti")
	case ripetuti(c.Obiettivi):
		return ErrValutazione.At("obiettivi")
	case ripetuti(c.Impegni):
		return ErrValutazione.At("impegni")
	}
	return nil
}

// Decide answers RinviaIncontro.
func (c RinviaIncontro) Decide(s State) ([]Event, error) {
	questo, noto := s.Incontri.Trova(c.Incontro)
	switch {
	case !noto:
		return nil, ErrIncontroInesistente
	case c.NuovoInizio.IsZero():
		return nil, ErrIncontroInizio.At("nuovo_inizio")
	case !testoEntro(c.Motivo, 1, massimoMotivo):
		return nil, ErrIncontroMotivo.At("motivo")
	case !questo.Stato.Aperto():
		return nil, ErrIncontroConcluso
	case questo.Pianificato.Inizio.Equal(minuto(c.NuovoInizio)):
		return nil, nil
	case s.fermo():
		return nil, ErrNonAperto
	case !inAgenda(c.NuovoInizio, c.Oggi):
		return nil, ErrIncontroInizio.At("nuovo_inizio")
	}
	return s.fermando(c.Oggi, IncontroRinviato{Incontro: c.Incontro, NuovoInizio: minuto(c.NuovoInizio), Motivo: c.Motivo}), nil
}

// Decide answers AnnullaIncontro.
func (c AnnullaIncontro) Decide(s State) ([]Event, error) {
	questo, noto := s.Incontri.Trova(c.Incontro)
	switch {
	case !noto:
		return nil, ErrIncontroInesistente
	case !testoEntro(c.Motivo, 1, massimoMotivo):
		return nil, ErrIncontroMotivo.At("motivo")
	case questo.Stato == StatoAnnullato:
		return nil, nil
	case !questo.Stato.Aperto():
		return nil, ErrIncontroConcluso
	}
	return []Event{IncontroAnnullato(c)}, nil
}

// minuto is an instant as meetings have it: UTC, whole minutes.
func minuto(t time.Time) time.Time { return t.UTC().Truncate(time.Minute) }

// inAgenda reports whether a start lies between today and two years ahead.
func inAgenda(inizio time.Time, oggi giorno.Giorno) bool {
	g := giorno.Di(inizio)
	return g >= oggi && g <= oggi+agenda
}
