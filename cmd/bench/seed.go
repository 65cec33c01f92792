package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore"
	"nucleo/eventstore/node/eventlog"
)

// Where all cases of the benchmark lie. The people do not exist, nor do the streets.
const ambitoDiProva = "PA42"

var (
	comuniDiProva = []string{"G273", "F377", "L916", "A764", "A239", "G543", "E431", "L519", "I174"}
	cognomi       = []string{"Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "De Luca", "Costa", "Rizzo", "Moretti", "Fontana", "Santoro", "Caruso", "Leone", "Gentile", "Serra"}
	nomi          = []string{"Anna", "Maria", "Giulia", "Rosa", "Angela", "Teresa", "Lucia", "Elena", "Sara", "Chiara", "Paola", "Laura", "Silvia", "Agata", "Ida", "Sofia"}
	vie           = []string{"Via degli Esempi", "Via delle Prove", "Via Immaginaria", "Via Inventata", "Viale dei Campioni", "Piazza Fittizia", "Via del Collaudo"}
)

// seme makes up cases as they are on a day: the same number, the same case.
type seme struct {
	oggi giorno.Giorno
	cm   []id.Operatore // two or more
	da   domain.Attore  // who assigns
}

func idDomanda(i int) string { return fmt.Sprintf("INPS-ADI-2026-%d", i+1) }

// domanda makes up the i-th domanda, which has a place in the queue.
func (s seme) domanda(i int) tracciato.Domanda {
	presentata := s.oggi - giorno.Giorno(20+i*7%300)
	d := tracciato.Domanda{
		IDDomanda: idDomanda(i), Misura: "ADI", DataPresentazione: presentata, DataSottoscrizionePAD: presentata + 2,
		DataRiconoscimento: presentata + 10, DataTrasmissioneComune: presentata + 12,
		Ambito: ambitoDiProva, Comune: comuniDiProva[i%3*i%len(comuniDiProva)],
		Via: vie[i*5%len(vie)], Civico: fmt.Sprint(1 + i%150), CAP: fmt.Sprintf("901%02d", i%60),
		ISEE: 100_000 + i*37%900_000, ImportoMensile: 4_000 + i*13%96_000, Cellulare: fmt.Sprintf("+39 000 %07d", i),
	}
	for k := range 1 + i%2 + i%5/4 + i%7/6 { // 2 on average
		d.Componenti = append(d.Componenti, s.componente(i, k))
	}
	return d
}

func (s seme) componente(i, k int) tracciato.Componente {
	cognome, nome := cognomi[i*3%len(cognomi)], nomi[(i*7+k)%len(nomi)]
	nascita := giorno.Data(1950+(i+k*25)%60, 1+i/7%12, 1+(i/3+k)%28)
	y, m, g := nascita.Time().Date()
	codice, err := codicefiscale.Calcola(cognome, nome, y, int(m), g, "F", "G273")
	if err != nil {
		panic(err) // the names are those above
	}
	c := tracciato.Componente{
		CodiceFiscale: string(codice), Cognome: cognome, Nome: nome, Sesso: "F", DataNascita: nascita, ComuneNascita: "G273",
		Relazione: "FIGLIO", Convivente: true, Disabilita: i%6 == 0 && k == 0, TenutoAgliObblighi: k == 0, Occupazione: "DISOCCUPATO",
	}
	if k == 0 {
		c.Relazione = caso.Richiedente
	}
	return c
}

// mosse are how many events follow the domanda of a case, by its number: some
// wait, most are assigned, some move often.
var mosse = []int{0, 0, 0, 1, 1, 1, 2, 2, 4, 8}

// fatti are what happened to the i-th case: the domanda, and so many moves.
func (s seme) fatti(i, mosse int) (stream string, events []domain.Event, err error) {
	var st caso.State
	do := func(c domain.Command[caso.State, caso.Event]) error {
		decided, err := c.Decide(st)
		for _, e := range decided {
			events, st = append(events, e), caso.Decider.Evolve(st, e)
		}
		return err
	}
	d := s.domanda(i).Ricevuta()
	err = do(caso.RiceviDomanda{Domanda: d, Oggi: s.oggi})
	incarichi := []caso.Incarico{{Territorio: domain.Territorio{Ambito: ambitoDiProva}, Fondo: caso.PON}}
	for m := 0; m < mosse && err == nil; m++ {
		now, next := st.Assegnazione.CaseManager, s.cm[(i+m)%len(s.cm)]
		switch {
		case now.IsZero():
			err = do(caso.Assegna{CaseManager: next, Incarichi: incarichi, Modalita: caso.Manuale})
		case m%4 == 3:
			err = do(caso.AnnullaAssegnazione{Motivo: caso.Richiesta})
		default:
			err = do(caso.Riassegna{Da: now, A: next, Incarichi: incarichi, Motivo: "cambio di sede"})
		}
	}
	if err != nil {
		return "", nil, fmt.Errorf("made-up case %d: %w", i, err)
	}
	return caso.Decider.Stream(id.CasoDi(d.IDDomanda).String()), events, nil
}

// meta is the metadata of a command about the i-th case.
func (s seme) meta(i int, comando uuid.UUID) domain.Meta {
	return domain.Meta{
		Comando: comando, Impronta: "5b7c6a1e3f585e0b8a3d51c0f3a0d2c7", Correlazione: comando, Causa: comando,
		Attore: s.da.ID, Ruolo: s.da.Ruolo, Territorio: s.da.Territorio, Canale: domain.Batch, Istante: s.oggi.Time().Add(time.Duration(i) * time.Millisecond),
	}
}

// storia is the stream of the i-th case, as it is stored.
func (s seme) storia(i, mosse int) (string, []eventstore.Stored, error) {
	stream, events, err := s.fatti(i, mosse)
	if err != nil {
		return "", nil, err
	}
	stored, err := eventstore.Encode(stream, domain.Head{}, s.meta(i, uuid.NewSHA1(s.da.ID, []byte(idDomanda(i)))), events...)
	return stream, stored, err
}

func proposed(stored ...eventstore.Stored) []eventlog.Proposed {
	all := make([]eventlog.Proposed, len(stored))
	for i, e := range stored {
		all[i] = eventlog.Proposed{ID: e.ID, Type: e.Type, JSON: true, Data: e.Data, Metadata: e.Meta}
	}
	return all
}

// semina appends the stories of cases from one number to another straight to
// the log, and returns how many events these are.
func (s seme) semina(ctx context.Context, log *eventlog.Log, from, to int, mosse func(int) int) (events int, err error) {
	const workers = 16
	counts := make([]int, workers)
	g, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		g.Go(func() error {
			for i := from + w; i < to; i += workers {
				stream, stored, err := s.storia(i, mosse(i))
				if err != nil {
					return err
				}
				if _, err := log.Append(ctx, stream, eventlog.NoStream, proposed(stored...)); err != nil {
					return err
				}
				counts[w] += len(stored)
			}
			return nil
		})
	}
	err = g.Wait()
	for _, n := range counts {
		events += n
	}
	return events, err
}

func mosseDi(i int) int { return mosse[i%len(mosse)] }

func nessuna(int) int { return 0 }
