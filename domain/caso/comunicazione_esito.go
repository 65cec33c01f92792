package caso

import (
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RegistraInvioComunicazione notes that the gateway took a message.
type RegistraInvioComunicazione struct {
	Comunicazione id.Comunicazione
}

// RegistraConsegna notes that a message arrived, whether or not it was noted
// that the gateway took it.
type RegistraConsegna struct {
	Comunicazione id.Comunicazione
	Esito         string `personale:"testo"`
	Data          giorno.Giorno
	Oggi          giorno.Giorno
}

// RegistraMancataConsegna notes that a message will not arrive, and why.
type RegistraMancataConsegna struct {
	Comunicazione id.Comunicazione
	Esito         string `personale:"testo"`
	Data          giorno.Giorno
	Oggi          giorno.Giorno
}

// Decide answers RegistraInvioComunicazione.
func (c RegistraInvioComunicazione) Decide(s State) ([]Event, error) {
	questa, nota := s.Comunicazioni.Trova(c.Comunicazione)
	switch {
	case !nota:
		return nil, ErrComunicazioneInesistente
	case questa.Stato == Fallita:
		return nil, ErrComunicazioneConclusa
	case questa.Stato != Accodata:
		return nil, nil
	}
	return []Event{ComunicazioneInviata(c)}, nil
}

// Decide answers RegistraConsegna.
func (c RegistraConsegna) Decide(s State) ([]Event, error) {
	questa, nota := s.Comunicazioni.Trova(c.Comunicazione)
	consegnata := ComunicazioneConsegnata{Comunicazione: c.Comunicazione, Esito: c.Esito, Data: c.Data}
	switch {
	case !nota:
		return nil, ErrComunicazioneInesistente
	case !testoEntro(c.Esito, 0, massimoEsito):
		return nil, ErrComunicazioneEsito.At("esito")
	case c.Data < s.Domanda.DataPresentazione || c.Data > c.Oggi:
		return nil, ErrComunicazioneData.At("data")
	case questa.Stato == Consegnata:
		return nil, nil
	case questa.Stato == Fallita:
		return nil, ErrComunicazioneConclusa
	case questa.Stato == Accodata:
		return []Event{ComunicazioneInviata{Comunicazione: c.Comunicazione}, consegnata}, nil
	}
	return []Event{consegnata}, nil
}

// Decide answers RegistraMancataConsegna.
func (c RegistraMancataConsegna) Decide(s State) ([]Event, error) {
	questa, nota := s.Comunicazioni.Trova(c.Comunicazione)
	switch {
	case !nota:
		return nil, ErrComunicazioneInesistente
	case !testoEntro(c.Esito, 1, massimoEsito):
		return nil, ErrComunicazioneEsito.At("esito")
	case c.Data < s.Domanda.DataPresentazione || c.Data > c.Oggi:
		return nil, ErrComunicazioneData.At("data")
	case questa.Stato == Fallita:
		return nil, nil
	case questa.Stato == Consegnata:
		return nil, ErrComunicazioneConclusa
	}
	return []Event{ComunicazioneFallita{Comunicazione: c.Comunicazione, Esito: c.Esito, Data: c.Data}}, nil
}
