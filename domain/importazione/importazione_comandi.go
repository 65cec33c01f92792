package importazione

import "nucleo/domain"

// Refusals.
var (
	ErrInesistente   = domain.Refuse(domain.NotFound, "importazione.inesistente", "there is no such import")
	ErrTipo          = domain.Refuse(domain.Unprocessable, "importazione.tipo_non_valido", "tipo is domande or variazioni")
	ErrFormato       = domain.Refuse(domain.Unprocessable, "importazione.formato_non_valido", "the file is NDJSON (application/x-ndjson) or CSV (text/csv); variazioni are NDJSON")
	ErrConclusa      = domain.Refuse(domain.Refused, "importazione.conclusa", "the import has ended: send the file again to begin another")
	ErrNonVerificata = domain.Refuse(domain.Refused, "importazione.non_verificata", "the file has not been checked yet: wait for the check to end")
	ErrEsito         = domain.Refuse(domain.Invalid, "importazione.esito_non_valido", "an import ends as RIFIUTATA, COMPLETATA or FALLITA")
)

// Ricevi opens the import of a file.
type Ricevi struct{ File Ricevuta }

// Decide answers Ricevi.
func (c Ricevi) Decide(s State) ([]Event, error) {
	f := c.File
	switch {
	case s.Stato != "":
		return nil, nil
	case f.Tipo != Domande && f.Tipo != Variazioni && f.Tipo != Benefici:
		return nil, ErrTipo.At("tipo")
	case f.Formato != NDJSON && f.Formato != CSV || f.Tipo != Domande && f.Formato == CSV:
		return nil, ErrFormato.At("formato")
	}
	return []Event{f}, nil
}

// Verifica records the check of the whole file. One bad row ends the import,
// unless bad rows are to be passed over.
type Verifica struct{ Esito Verificata }

// Decide answers Verifica.
func (c Verifica) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case s.Stato != InVerifica:
		return nil, nil
	}
	c.Esito.Errori = primi(c.Esito.Errori, MaxErrori)
	if c.Esito.Errate > 0 && !s.SaltaErrate {
		return []Event{c.Esito, Conclusa{Stato: Rifiutata}}, nil
	}
	return []Event{c.Esito}, nil
}

// Avanza records that rows have been taken in, from the one after the last
// recorded. Recorded twice it changes nothing.
type Avanza struct{ Passo Avanzata }

// Decide answers Avanza.
func (c Avanza) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case s.Stato == InVerifica:
		return nil, ErrNonVerificata
	case c.Passo.Fino <= s.Fino:
		return nil, nil
	case s.Stato != InCorso:
		return nil, ErrConclusa
	}
	c.Passo.Errori = primi(c.Passo.Errori, MaxErrori-len(s.Errori))
	return []Event{c.Passo}, nil
}

// primi are the first n errors, so that the report stays bounded.
func primi(errori []Errore, n int) []Errore { return errori[:max(0, min(n, len(errori)))] }

// Concludi ends the import.
type Concludi struct {
	Esito  Stato
	Motivo string
}

// Decide answers Concludi.
func (c Concludi) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case c.Esito != Rifiutata && c.Esito != Completata && c.Esito != Fallita:
		return nil, ErrEsito.At("esito")
	case !s.Aperta():
		return nil, nil
	case c.Esito == Completata && s.Stato == InVerifica:
		return nil, ErrNonVerificata
	}
	return []Event{Conclusa{Stato: c.Esito, Motivo: c.Motivo}}, nil
}
