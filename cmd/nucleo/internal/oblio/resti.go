package oblio

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"nucleo/domain/cancellazione"
	"nucleo/domain/id"
)

// conti are what a proof looked at.
type conti struct {
	provate int // sealed values that were tried
	prove   int // tries, each by a key that is there
	tabelle int
	righe   int
	valori  int  // texts that were looked for
	comuni  int  // of all that were looked for in this search, those that too many rows hold to tell anybody by
	senza   bool // the program had stopped in between, and nobody knew any more what to look for
}

// String are the lines of the receipt.
func (c conti) String() string {
	ricerca := fmt.Sprintf("per valori e per caso\ntesti cercati %d\ntesti comuni nella ricerca %d", c.valori, c.comuni)
	if c.senza {
		ricerca = "per caso soltanto: il programma si era fermato, e nessuno sapeva più che cosa cercare"
	}
	return fmt.Sprintf("valori provati %d\nprove con chiavi rimaste %d\nvalori aperti 0\ntabelle %d\nrighe %d\nricerca %s\nriscontri 0\n", c.provate, c.prove, c.tabelle, c.righe, ricerca)
}

// errResta says where something of somebody is left: never what.
type errResta struct{ dove []string }

func (e errResta) Error() string {
	return "something is left of who was erased, and no receipt is given, in " + strings.Join(e.dove, ", ")
}

// aprono tries each sealed value of a subject by every key that its stream still
// has: none may open any.
func (o *Oblio) aprono(ctx context.Context, di cancellazione.Soggetto, prima uint64) (provate, chiavi int, err error) {
	err = o.eventi(ctx, di.Flusso(), func(e aperto) error {
		if e.Position >= prima {
			return nil
		}
		for _, r := range e.busta.Refs() {
			if !di.Comprende(r.Subject) {
				continue
			}
			provate++
			for _, segreto := range e.chiavi {
				chiavi++
				if e.busta.Opens(e.luogo(), r.Subject, segreto) {
					return errResta{[]string{"event " + e.ID.String()}}
				}
			}
		}
		return nil
	})
	return provate, chiavi, err
}

// restano looks through all tables for what was known of some subjects. What
// the log still says of somebody else, or in the clear, is no trace of them.
func (o *Oblio) restano(ctx context.Context, di map[id.Cancellazione]cercati) (fatti conti, resta map[id.Cancellazione]error, err error) {
	var cosa []cercato
	for _, c := range di {
		for v := range c {
			if !slices.Contains(cosa, v) {
				cosa = append(cosa, v)
			}
		}
	}
	tabelle, err := o.Tabelle.tutte(ctx)
	if err != nil {
		return fatti, nil, err
	}
	l := letti{o: o, flussi: map[string][]string{}}
	dove, comuni := map[int][]string{}, map[int]bool{}
	for _, t := range tabelle {
		righe, trovati, err := o.Tabelle.guarda(ctx, t, cosa)
		if err != nil {
			return fatti, nil, err
		}
		fatti.tabelle, fatti.righe = fatti.tabelle+1, fatti.righe+righe
		quanti := map[int]int{}
		for _, r := range trovati {
			if quanti[r.cosa]++; quanti[r.cosa] > massimoRiscontri {
				comuni[r.cosa] = true
			}
		}
		for _, r := range trovati {
			if comuni[r.cosa] {
				continue
			}
			altrui, err := l.dice(ctx, r.di, cosa[r.cosa])
			if err != nil {
				return fatti, nil, err
			}
			if posto := t.schema + "." + t.nome + " (" + strings.Join(r.colonne, ", ") + ")"; !altrui && !slices.Contains(dove[r.cosa], posto) {
				dove[r.cosa] = append(dove[r.cosa], posto)
			}
		}
	}
	fatti.valori, fatti.comuni = len(cosa), len(comuni)
	resta = map[id.Cancellazione]error{}
	for n, posti := range dove {
		for c, suoi := range di {
			if suoi[cosa[n]] {
				resta[c] = errResta{posti}
			}
		}
	}
	return fatti, resta, nil
}

// letti are streams as they read now, for as long as a search takes.
type letti struct {
	o      *Oblio
	flussi map[string][]string
}

// dice reports whether one of the streams that ids may name still says something
// in one of its objects.
func (l letti) dice(ctx context.Context, ids []uuid.UUID, cosa cercato) (bool, error) {
	for _, u := range ids {
		for _, categoria := range []string{"caso", "operatore"} {
			oggetti, err := l.oggetti(ctx, categoria+"-"+u.String())
			if err != nil {
				return false, err
			}
			for _, testo := range oggetti {
				if strings.Contains(testo, cosa.uno) && strings.Contains(testo, cosa.due) {
					return true, nil
				}
			}
		}
	}
	return false, nil
}

// oggetti are the objects of the events of a stream, each as the texts of its
// members in every form in which they are looked for.
func (l letti) oggetti(ctx context.Context, flusso string) ([]string, error) {
	if oggetti, c := l.flussi[flusso]; c {
		return oggetti, nil
	}
	oggetti := []string{}
	err := l.o.eventi(ctx, flusso, func(e aperto) error {
		var v any
		var err error
		if len(e.busta.Refs()) == 0 {
			err = json.Unmarshal(e.Data, &v)
		} else {
			v, err = e.apri(nil)
		}
		if err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		l.raccogli(v, &oggetti)
		return nil
	})
	l.flussi[flusso] = oggetti
	return oggetti, err
}

func (l letti) raccogli(v any, oggetti *[]string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			l.raccogli(x, oggetti)
		}
	case map[string]any:
		var b strings.Builder
		scrive := func(testo string) {
			for _, forma := range forme {
				b.WriteString(forma(testo))
				b.WriteByte('\n')
			}
		}
		for nome, x := range v {
			s, is := x.(string)
			if !is {
				l.raccogli(x, oggetti)
				continue
			}
			scrive(s)
			if nome == "codice_fiscale" {
				scrive(l.o.Pepe.Cieco(s).String())
			}
		}
		for _, coppia := range coppie {
			uno, _ := v[coppia[0]].(string)
			due, _ := v[coppia[1]].(string)
			if uno != "" && due != "" {
				scrive(uno + " " + due)
				scrive(due + " " + uno)
			}
		}
		if b.Len() > 0 {
			*oggetti = append(*oggetti, b.String())
		}
	}
}
