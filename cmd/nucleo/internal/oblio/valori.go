package oblio

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"nucleo/domain/cancellazione"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/personale"
	"nucleo/eventstore"
	"nucleo/eventstore/sealing"
	"nucleo/projections/elenco"
)

// cercato is something by which somebody would be known: a text wherever it
// stands, or two that are each all that a column, or a member of JSON, holds, as
// a surname and a name. It is in memory until what it is of is proven to be gone,
// and nowhere else.
type cercato struct{ uno, due string }

// cercati are several, each once.
type cercati map[cercato]bool

// Texts that are shorter say nothing of anybody, or are words that many share.
const (
	minimoRecapito = 6
	minimoTesto    = 12
	massimoTesto   = 120
)

// aggiungi adds texts in the forms in which tables may hold them: as they were
// written, as they stand in JSON, and as the words by which lists are searched.
func (c cercati) aggiungi(uno, due string) {
	for _, forma := range forme {
		if v := (cercato{taglia(forma(uno)), taglia(forma(due))}); v.uno != "" && (due == "" || v.due != "") {
			c[v] = true
		}
	}
}

var forme = []func(string) string{minuscole, inJSON, parole}

// coppie are members that tell somebody only together.
var coppie = [][2]string{{"cognome", "nome"}, {"via", "civico"}}

// coppia adds two texts that tell somebody only together: side by side, or
// each in its place.
func (c cercati) coppia(uno, due string) {
	if uno != "" && due != "" {
		c.aggiungi(uno+" "+due, "")
		c.aggiungi(due+" "+uno, "")
		c.aggiungi(uno, due)
	}
}

// minuscole is what lower() makes of a text in the collation C: no letter but
// those of ASCII changes.
func minuscole(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

func inJSON(s string) string {
	b, err := json.Marshal(minuscole(s))
	if err != nil {
		return ""
	}
	return string(b[1 : len(b)-1])
}

func parole(s string) string { return minuscole(elenco.Parole(s)) }

// taglia leaves the beginning of a long text, which is enough to know it by.
func taglia(s string) string {
	if len(s) <= massimoTesto {
		return s
	}
	s = s[:massimoTesto]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return strings.TrimSuffix(s, `\`)
}

// noti are the values of a subject that its keys still open, as what to look for
// once they do not.
func (o *Oblio) noti(ctx context.Context, di cancellazione.Soggetto) (cercati, error) {
	trovati := cercati{}
	err := o.eventi(ctx, di.Flusso(), func(e aperto) error {
		if len(e.busta.Refs()) == 0 {
			return nil // in the clear, and it stays so
		}
		via := map[uuid.UUID]bool{}
		for _, r := range e.busta.Refs() {
			via[r.Key] = di.Comprende(r.Subject)
		}
		intero, err := e.apri(nil)
		if err != nil {
			return err
		}
		monco, err := e.apri(via)
		if err != nil {
			return err
		}
		p := perso{trovati, o.Pepe, e.tipi()}
		p.oggetto("", intero, monco)
		return nil
	})
	return trovati, err
}

// perso gathers what is in an event and not in what is left of it.
type perso struct {
	cercati
	pepe codicefiscale.Pepe
	tipi map[string]string // kinds of personal data, by path
}

func (p perso) oggetto(dove string, intero, monco any) {
	switch v := intero.(type) {
	case []any:
		resto, _ := monco.([]any)
		for i, x := range v {
			var y any
			if i < len(resto) {
				y = resto[i]
			}
			p.oggetto(dove+"[]", x, y)
		}
	case map[string]any:
		resto, _ := monco.(map[string]any)
		testi := map[string]string{}
		for nome, x := range v {
			if s, is := x.(string); is && resto[nome] != x {
				testi[nome] = s
				continue
			}
			p.oggetto(dove+"."+nome, x, resto[nome])
		}
		p.testi(dove, testi)
	}
}

// testi are those of one object that were lost. Codes and other facts, which
// half of all cases share, are not looked for.
func (p perso) testi(dove string, testi map[string]string) {
	for _, coppia := range coppie {
		p.coppia(testi[coppia[0]], testi[coppia[1]])
		delete(testi, coppia[0])
		delete(testi, coppia[1])
	}
	for nome, s := range testi {
		switch n := utf8.RuneCountInString(s); p.tipi[dove+"."+nome] {
		case personale.CodiceFiscale:
			p.aggiungi(s, "")
			p.aggiungi(p.pepe.Cieco(s).String(), "")
		case personale.Recapito:
			if n >= minimoRecapito {
				p.aggiungi(s, "")
			}
		case personale.Dato:
		default:
			if n >= minimoTesto {
				p.aggiungi(s, "")
			}
		}
	}
}

// aperto is an event with the keys that there are now.
type aperto struct {
	eventstore.Stored
	forma  reflect.Type
	busta  sealing.Sealed
	chiavi map[uuid.UUID]sealing.Secret // all that the stream names
}

// apri is the JSON of an event, without what some keys open.
func (e aperto) apri(senza map[uuid.UUID]bool) (v any, err error) {
	data, err := e.busta.Open(e.forma, e.luogo(), func(k uuid.UUID) (sealing.Secret, error) {
		segreto, c := e.chiavi[k]
		if !c || senza[k] {
			return segreto, sealing.ErrDestroyed
		}
		return segreto, nil
	})
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return v, nil
}

func (e aperto) luogo() sealing.Place {
	return sealing.Place{Stream: e.Stream, Type: e.Type, ID: e.ID}
}

func (e aperto) tipi() map[string]string {
	tipi := map[string]string{}
	for _, f := range sealing.Fields(e.forma) {
		tipi[f.Path] = f.Kind
	}
	return tipi
}

// eventi reads the events of a stream with the keys that the key database has
// now, whatever this process remembers. Those of types that nobody knows are
// passed over: nothing of them is sealed.
func (o *Oblio) eventi(ctx context.Context, flusso string, uno func(aperto) error) error {
	var tutti []aperto
	var kids []uuid.UUID
	for e, err := range o.Archivio.Stored(ctx, flusso) {
		if err != nil {
			return err
		}
		busta, sigillato, err := sealing.Parse(e.Data)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		forma := o.Catalogo.Shape(e.Type)
		if forma == nil {
			continue
		}
		if !sigillato {
			busta = sealing.Sealed{}
		}
		tutti = append(tutti, aperto{Stored: e, forma: forma, busta: busta})
		for _, r := range busta.Refs() {
			kids = append(kids, r.Key)
		}
	}
	vive, _, err := o.Chiavi.Find(ctx, kids)
	if err != nil {
		return err
	}
	chiavi := map[uuid.UUID]sealing.Secret{}
	for _, k := range vive {
		chiavi[k.ID] = k.Secret
	}
	for _, e := range tutti {
		e.chiavi = chiavi
		if err := uno(e); err != nil {
			return err
		}
	}
	return nil
}
