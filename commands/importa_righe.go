package commands

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
)

// domande is how domande are taken in: each opens a case.
func domande(c *corsa) lavoro[tracciato.Domanda] {
	viste := map[uuid.UUID][16]byte{} // what each case of the file was said to be
	return lavoro[tracciato.Domanda]{
		leggi: func(r io.Reader) iter.Seq2[tracciato.Riga[tracciato.Domanda], error] {
			return tracciato.Domande(r, c.stato.Formato, c.giorno)
		},
		esamina: func(ctx context.Context, riga *tracciato.Riga[tracciato.Domanda]) ([]importazione.Errore, error) {
			d := &riga.Dati
			male, err := c.ambitoDi(ctx, riga.Numero, d.Comune, &d.Ambito)
			if err != nil || male != nil {
				return male, err
			}
			if c.stato.Stato == importazione.InCorso && c.stato.Errate == 0 {
				return nil, nil // the check found nothing
			}
			var rifiuto *domain.Error
			if _, err := (caso.RiceviDomanda{Domanda: d.Ricevuta(), Oggi: c.giorno}).Decide(caso.State{}); errors.As(err, &rifiuto) {
				return []importazione.Errore{diRifiuto(riga.Numero, rifiuto)}, nil
			}
			chiave, contenuto := id.CasoDi(d.IDDomanda).UUID, contenuto(*d)
			if prima, gia := viste[chiave]; gia && prima != contenuto {
				return []importazione.Errore{{Riga: riga.Numero, Campo: "id_domanda", Codice: "domanda_ripetuta", Suggerimento: "the file holds the domanda before with other content: keep one of the two"}}, nil
			}
			viste[chiave] = contenuto
			return nil, nil
		},
		chiave: func(d tracciato.Domanda) string { return d.IDDomanda },
		prendi: func(ctx context.Context, req Request, d tracciato.Domanda) (Caso, error) {
			return c.RiceviDomanda(ctx, req, caso.RiceviDomanda{Domanda: d.Ricevuta()})
		},
	}
}

// contenuto is equal for domande that say the same.
func contenuto(d tracciato.Domanda) [16]byte {
	d.Componenti = slices.SortedFunc(slices.Values(d.Componenti), func(a, b tracciato.Componente) int {
		return strings.Compare(a.CodiceFiscale, b.CodiceFiscale)
	})
	testo, _ := json.Marshal(d) // plain strings and numbers: it cannot fail
	h := sha256.Sum256(testo)
	return [16]byte(h[:16])
}

// variazioni is how variazioni are taken in: those of one case in their order.
// Whether the case exists is seen then.
func variazioni(c *corsa) lavoro[tracciato.Variazione] {
	return lavoro[tracciato.Variazione]{
		leggi: func(r io.Reader) iter.Seq2[tracciato.Riga[tracciato.Variazione], error] {
			return tracciato.Variazioni(r, c.giorno)
		},
		esamina: func(ctx context.Context, riga *tracciato.Riga[tracciato.Variazione]) ([]importazione.Errore, error) {
			if riga.Dati.Tipo != tracciato.Trasferimento {
				return nil, nil
			}
			return c.ambitoDi(ctx, riga.Numero, riga.Dati.Comune, &riga.Dati.Ambito)
		},
		chiave: func(v tracciato.Variazione) string { return v.IDDomanda },
		prendi: func(ctx context.Context, req Request, v tracciato.Variazione) (Caso, error) {
			if v.Tipo == tracciato.Trasferimento {
				return c.TrasferisciCaso(ctx, req, id.CasoDi(v.IDDomanda), v.Trasferisci())
			}
			return c.AggiornaNucleo(ctx, req, id.CasoDi(v.IDDomanda), v.Nucleo())
		},
		rivedi: func(ctx context.Context, v tracciato.Variazione, versione uint64) error {
			return c.rivedi(ctx, v.IDDomanda, versione, v.Comando(c.giorno))
		},
	}
}

// benefici is how changes of benefits are taken in: those of one case in their
// order.
func benefici(c *corsa) lavoro[tracciato.Beneficio] {
	return lavoro[tracciato.Beneficio]{
		leggi: func(r io.Reader) iter.Seq2[tracciato.Riga[tracciato.Beneficio], error] {
			return tracciato.Benefici(r, c.giorno)
		},
		esamina: func(context.Context, *tracciato.Riga[tracciato.Beneficio]) ([]importazione.Errore, error) {
			return nil, nil
		},
		chiave: func(b tracciato.Beneficio) string { return b.IDDomanda },
		prendi: func(ctx context.Context, req Request, b tracciato.Beneficio) (Caso, error) {
			return execute(ctx, c.Service, req, suCaso(id.CasoDi(b.IDDomanda), is(b.Comando(c.giorno))))
		},
		rivedi: func(ctx context.Context, b tracciato.Beneficio, versione uint64) error {
			return c.rivedi(ctx, b.IDDomanda, versione, b.Comando(c.giorno))
		},
	}
}

// ambitoDi fills in the ambito of a comune, or says that the one given is not
// its own, or that it has none.
func (c *corsa) ambitoDi(ctx context.Context, riga int, comune string, ambito *string) ([]importazione.Errore, error) {
	suo, noto := c.ambiti[comune]
	if !noto {
		var err error
		if suo, _, err = c.Territori.AmbitoDi(ctx, comune); err != nil {
			return nil, err
		}
		c.ambiti[comune] = suo
	}
	switch {
	case suo == "":
		return []importazione.Errore{{Riga: riga, Campo: "comune", Codice: "comune_senza_ambito", Suggerimento: "no ambito has the comune: correct it, or have the comune added to its ambito first"}}, nil
	case *ambito != "" && *ambito != suo:
		return []importazione.Errore{{Riga: riga, Campo: "ambito", Codice: "comune_fuori_ambito", Suggerimento: "the comune belongs to another ambito: correct one of the two, or leave the ambito out"}}, nil
	}
	*ambito = suo
	return nil, nil
}

// rivedi says what became of a change of a case that was passed over when the
// case had so many events: an earlier run refused it, or had nothing to do, and
// a later one has been recorded since.
func (c *corsa) rivedi(ctx context.Context, domanda string, versione uint64, cmd domain.Command[caso.State, caso.Event]) error {
	if versione == 0 {
		return caso.ErrInesistente
	}
	storia, err := c.StoriaCaso(ctx, id.CasoDi(domanda), Alla{Versione: versione})
	if err != nil {
		return err
	}
	eventi, err := cmd.Decide(storia.Stato)
	if err == nil && len(eventi) > 0 {
		return errSuperata
	}
	return err
}

// errSuperata is what becomes of a variazione that could have been recorded
// only between two runs.
var errSuperata = domain.Refuse(domain.Refused, "variazione_superata", "the case changed while the import was interrupted, and a later change came first: send this one again if it still holds")
