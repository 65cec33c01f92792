package caso

import (
	"reflect"
	"slices"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// InviaComunicazione queues a message to people of the nucleo. An SMS that
// speaks of health is refused, as far as a list of words can tell.
type InviaComunicazione struct {
	Comunicazione id.Comunicazione
	Tipo          TipoComunicazione
	Canale        CanaleComunicazione
	Destinatari   []id.Componente
	Testo         string `personale:"testo"`
	Ripete        id.Comunicazione
	Spento        bool // the installation sends nothing this way
	Oggi          giorno.Giorno
}

// Decide answers InviaComunicazione.
func (c InviaComunicazione) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	if err := c.controlla(s); err != nil {
		return nil, err
	}
	e := ComunicazioneAccodata{
		Comunicazione: c.Comunicazione, Tipo: c.Tipo, Canale: c.Canale, Destinatari: slices.Clone(c.Destinatari), Testo: c.Testo, Ripete: c.Ripete,
	}
	prima, nota := s.Comunicazioni.Trova(c.Comunicazione)
	_, formale := s.Comunicazioni.TrovaFormale(c.Comunicazione)
	switch {
	case nota && reflect.DeepEqual(prima.Accodata, e):
		return nil, nil
	case nota || formale:
		return nil, ErrComunicazioneDoppia.At("comunicazione_id")
	case s.fermo():
		return nil, ErrNonAperto
	case c.Spento:
		return nil, ErrCanaleSpento.At("canale")
	case slices.ContainsFunc(c.Destinatari, s.Nucleo.assente):
		return nil, ErrDestinatari.At("destinatari")
	case slices.ContainsFunc(c.Destinatari, func(i id.Componente) bool { return s.Recapito(i, c.Canale) == "" }):
		return nil, ErrSenzaRecapito.At("destinatari")
	}
	return s.fermando(c.Oggi, e), nil
}

func (c InviaComunicazione) controlla(s State) error {
	massimo := massimoEmail
	if c.Canale == SMS {
		massimo = massimoSMS
	}
	ripetuta, nota := s.Comunicazioni.Trova(c.Ripete)
	switch {
	case c.Comunicazione.IsZero():
		return ErrComunicazioneID.At("comunicazione_id")
	case !slices.Contains(TipiComunicazione, c.Tipo) || c.Tipo == RichiamoFormale:
		return ErrComunicazioneTipo.At("tipo")
	case c.Canale != SMS && c.Canale != EMAIL:
		return ErrCanale.At("canale")
	case !testoEntro(c.Testo, 1, massimo):
		return ErrComunicazioneTesto.At("testo")
	case c.Canale == SMS && parlaDiSalute(c.Testo):
		return ErrDatiSalute.At("testo")
	case len(c.Destinatari) == 0 || ripetuti(c.Destinatari):
		return ErrDestinatari.At("destinatari")
	case !c.Ripete.IsZero() && (!nota || ripetuta.Stato != Fallita):
		return ErrRipete.At("ripete")
	}
	return nil
}

// Recapito is where a message reaches a person: what is known of that person,
// else of the nucleo; empty when neither is.
func (s State) Recapito(i id.Componente, canale CanaleComunicazione) string {
	k := slices.IndexFunc(s.Nucleo.Componenti, func(c Componente) bool { return c.ID == i })
	if k < 0 {
		return ""
	}
	for _, r := range []Recapiti{s.Nucleo.Componenti[k].Recapiti, s.Recapiti} {
		switch {
		case canale == SMS && r.Cellulare != "":
			return r.Cellulare
		case canale == EMAIL && r.Email != "":
			return r.Email
		}
	}
	return ""
}

// assente reports whether a person is not in the nucleo now.
func (n Nucleo) assente(i id.Componente) bool {
	return !slices.ContainsFunc(n.Componenti, func(c Componente) bool { return c.ID == i })
}

// ripetuti reports whether a list names something twice, or nothing at all.
func ripetuti[I interface {
	comparable
	IsZero() bool
}](ids []I) bool {
	for k, i := range ids {
		if i.IsZero() || slices.Contains(ids[:k], i) {
			return true
		}
	}
	return false
}
