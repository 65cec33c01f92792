package caso

import (
	"reflect"
	"slices"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RegistraComunicazioneFormale notes a formal communication that was sent
// outside the platform.
type RegistraComunicazioneFormale struct {
	Comunicazione id.Comunicazione
	Tipo          TipoComunicazione
	Mezzo         Mezzo
	Numero        string `personale:"testo"` // of the letter or message
	DataInvio     giorno.Giorno
	Destinatari   []id.Componente // none: the nucleo
	Oggi          giorno.Giorno
}

// RegistraEsitoComunicazione notes, for good, what became of a formal
// communication.
type RegistraEsitoComunicazione struct {
	Comunicazione id.Comunicazione
	Esito         EsitoFormale
	DataRicezione giorno.Giorno // must when it was delivered
	Oggi          giorno.Giorno
}

// Decide answers RegistraComunicazioneFormale.
func (c RegistraComunicazioneFormale) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	if err := c.controlla(s); err != nil {
		return nil, err
	}
	e := ComunicazioneFormaleRegistrata{
		Comunicazione: c.Comunicazione, Tipo: c.Tipo, Mezzo: c.Mezzo, Numero: c.Numero, DataInvio: c.DataInvio,
		Destinatari: append([]id.Componente(nil), c.Destinatari...),
	}
	prima, nota := s.Comunicazioni.TrovaFormale(c.Comunicazione)
	_, informale := s.Comunicazioni.Trova(c.Comunicazione)
	switch {
	case nota && reflect.DeepEqual(prima.Registrata, e):
		return nil, nil
	case nota || informale:
		return nil, ErrComunicazioneDoppia.At("comunicazione_id")
	case s.fermo():
		return nil, ErrNonAperto
	}
	return s.fermando(c.DataInvio, e), nil
}

func (c RegistraComunicazioneFormale) controlla(s State) error {
	senzaNumero := c.Mezzo == NotificaAMani || c.Mezzo == AltroMezzo
	switch {
	case c.Comunicazione.IsZero():
		return ErrComunicazioneID.At("comunicazione_id")
	case !slices.Contains(TipiComunicazione, c.Tipo):
		return ErrComunicazioneTipo.At("tipo")
	case !slices.Contains(Mezzi, c.Mezzo):
		return ErrMezzo.At("mezzo")
	case !testoEntro(c.Numero, 0, massimoCodice) || vuoto(c.Numero) && !senzaNumero:
		return ErrNumero.At("numero")
	case c.DataInvio < s.Domanda.DataPresentazione || c.DataInvio > c.Oggi:
		return ErrComunicazioneData.At("data_invio")
	case !s.Nucleo.validi(c.Destinatari):
		return ErrDestinatari.At("destinatari")
	}
	return nil
}

// Decide answers RegistraEsitoComunicazione.
func (c RegistraEsitoComunicazione) Decide(s State) ([]Event, error) {
	questa, nota := s.Comunicazioni.TrovaFormale(c.Comunicazione)
	e := EsitoComunicazioneFormaleRegistrato{Comunicazione: c.Comunicazione, Esito: c.Esito, DataRicezione: c.DataRicezione}
	switch {
	case !nota:
		return nil, ErrComunicazioneInesistente
	case !slices.Contains(EsitiFormali, c.Esito):
		return nil, ErrComunicazioneEsito.At("esito")
	case c.DataRicezione.IsZero() && c.Esito == EsitoConsegnata,
		!c.DataRicezione.IsZero() && (c.DataRicezione < questa.Registrata.DataInvio || c.DataRicezione > c.Oggi):
		return nil, ErrComunicazioneData.At("data_ricezione")
	case questa.Esito == e:
		return nil, nil
	case questa.Esito.Esito != "":
		return nil, ErrComunicazioneConclusa
	}
	return []Event{e}, nil
}
