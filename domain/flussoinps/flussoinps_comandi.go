package flussoinps

import (
	"nucleo/domain"
	"nucleo/domain/giorno"
)

// Apri begins a flusso.
type Apri struct {
	Giorno giorno.Giorno
	Numero int
}

// Includi puts segnalazioni and corrections into a flusso that was not sent.
type Includi struct{ Voci []Voce }

// Escludi takes one out that its case does not have sent any more.
type Escludi struct {
	Voce
	Motivo string
}

// Trasmetti notes that INPS took some of the flusso.
type Trasmetti struct {
	Impronta domain.Digest
	Voci     []Voce
}

// RegistraRicevuta notes a receipt of INPS. It says too that INPS took what it
// is about.
type RegistraRicevuta struct {
	Voce
	Ricevuta string
}

// Decide answers Apri.
func (c Apri) Decide(s State) ([]Event, error) {
	switch {
	case c.Giorno.IsZero() || c.Numero < 1:
		return nil, ErrNumero
	case s.Numero != 0:
		return nil, nil
	}
	return []Event{Aperto(c)}, nil
}

// Decide answers Includi.
func (c Includi) Decide(s State) (events []Event, _ error) {
	for _, v := range c.Voci {
		if s.indice(v) < 0 {
			events = append(events, SegnalazioneInclusa{v})
			s = Decider.Fold(s, SegnalazioneInclusa{v})
		}
	}
	switch {
	case s.Numero == 0:
		return nil, ErrInesistente
	case len(events) == 0:
		return nil, nil
	case s.Chiuso || s.Iniziato():
		return nil, ErrTrasmesso
	case len(s.Voci) > Massimo:
		return nil, ErrPieno
	}
	return events, nil
}

// Decide answers Escludi.
func (c Escludi) Decide(s State) ([]Event, error) {
	i := s.indice(c.Voce)
	switch {
	case i < 0:
		return nil, ErrVoce
	case s.Voci[i].Stato != Inclusa:
		return nil, nil
	}
	return s.con(SegnalazioneEsclusa(c)), nil
}

// Decide answers Trasmetti.
func (c Trasmetti) Decide(s State) ([]Event, error) {
	e := Trasmesso{Impronta: c.Impronta}
	for _, v := range c.Voci {
		i := s.indice(v)
		switch {
		case i < 0 || s.Voci[i].Stato == Esclusa:
			return nil, ErrVoce
		case s.Voci[i].Stato == Inclusa:
			e.Voci = append(e.Voci, v)
		}
	}
	if len(e.Voci) == 0 {
		return nil, nil
	}
	return []Event{e}, nil
}

// Decide answers RegistraRicevuta.
func (c RegistraRicevuta) Decide(s State) ([]Event, error) {
	i := s.indice(c.Voce)
	switch {
	case lunga(c.Ricevuta):
		return nil, ErrRicevuta.At("ricevuta_inps")
	case i < 0 || s.Voci[i].Stato == Esclusa:
		return nil, ErrVoce
	case s.Voci[i].Stato == Ricevuta:
		return nil, nil
	}
	return s.con(RicevutaRegistrata(c)), nil
}
