package tracciato

import (
	"slices"

	"nucleo/domain/importazione"
)

// problemi gathers what is wrong with one record.
type problemi struct {
	riga   int
	errori []importazione.Errore
}

func (p *problemi) nota(campo string, d *difetto) { p.notaRiga(p.riga, campo, d) }

func (p *problemi) notaRiga(riga int, campo string, d *difetto) {
	if len(p.errori) < maxErroriRiga {
		p.errori = append(p.errori, importazione.Errore{Riga: riga, Campo: campo, Codice: d.codice, Suggerimento: d.suggerimento})
	}
}

// gia reports whether something is known to be wrong with a field.
func (p *problemi) gia(campo string) bool {
	return len(p.errori) > 0 && slices.ContainsFunc(p.errori, func(e importazione.Errore) bool { return e.Riga == p.riga && e.Campo == campo })
}
