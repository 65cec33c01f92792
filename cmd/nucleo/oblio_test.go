package main

import (
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/eventstore/sealing"
	"nucleo/internal/longtest"
	"nucleo/projections"
)

// soggetti are some of those whose data a log holds, of each kind.
func soggetti(t *testing.T, i *impianto, quanti int) (tutti []cancellazione.Soggetto) {
	t.Helper()
	caso1 := map[cancellazione.Tipo][]cancellazione.Soggetto{}
	aggiungi := func(s cancellazione.Soggetto) { caso1[s.Tipo] = append(caso1[s.Tipo], s) }
	for e, err := range i.eventi().All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		c := id.Caso{UUID: domain.Subject(e.Stream)}
		s, _, err := sealing.Parse(e.Data)
		if err != nil || !strings.HasPrefix(e.Stream, "caso-") {
			continue
		}
		if e.Type == (caso.DomandaRicevuta{}).EventType() {
			aggiungi(cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: c})
		}
		for _, r := range s.Refs() {
			classe, quale, _ := strings.Cut(r.Subject, "/")
			switch {
			case classe == sealing.Documento:
				aggiungi(cancellazione.Soggetto{Tipo: cancellazione.Documento, Caso: c, Quale: uuid.MustParse(quale)})
			case classe == "persona" && e.Type == (caso.DomandaRicevuta{}).EventType():
				aggiungi(cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: c, Quale: uuid.MustParse(quale)})
			}
		}
	}
	caso := rand.New(rand.NewPCG(1, 2))
	for _, di := range []cancellazione.Tipo{cancellazione.Nucleo, cancellazione.Persona, cancellazione.Documento} {
		quelli := caso1[di]
		caso.Shuffle(len(quelli), func(a, b int) { quelli[a], quelli[b] = quelli[b], quelli[a] })
		tutti = append(tutti, quelli[:min(len(quelli), quanti/3)]...)
	}
	return tutti
}

// cancella has somebody erased, by two persons and to the proof.
func cancella(t *testing.T, s *servizio, comandi *commands.Service, di cancellazione.Soggetto) id.Cancellazione {
	t.Helper()
	c := chiesta(t, s, comandi, di)
	if err := s.oblio.Esegui(t.Context(), c); err != nil {
		t.Fatalf("%+v: %v", di, err)
	}
	return c
}

// chiesta is an erasure that one person asked for and another authorised.
func chiesta(t *testing.T, s *servizio, comandi *commands.Service, di cancellazione.Soggetto) id.Cancellazione {
	t.Helper()
	chi := func() commands.Request {
		return commands.Request{
			Comando: uuid.New(), Impronta: "prova", Canale: domain.HTTP, Adesso: time.Now(),
			Attore: domain.Attore{ID: uuid.New(), Ruolo: domain.ResponsabileDati, Territorio: domain.Territorio{Ambito: ambitoDi(t, s, di)}},
		}
	}
	c, _, err := comandi.ChiediCancellazione(t.Context(), chi(), cancellazione.Chiedi{Richiesta: cancellazione.Richiesta{Soggetto: di, Base: cancellazione.PersonaErrata, Riferimento: "PROT-1"}})
	if err == nil {
		_, err = comandi.AutorizzaCancellazione(t.Context(), chi(), c)
	}
	if err != nil {
		t.Fatalf("%+v: %v", di, err)
	}
	return c
}

// ambitoDi is where a case lies.
func ambitoDi(t *testing.T, s *servizio, di cancellazione.Soggetto) string {
	t.Helper()
	if di.Tipo == cancellazione.Operatore {
		return "PA42"
	}
	storia, err := s.comandi().StoriaCaso(t.Context(), di.Caso, commands.Alla{})
	if err != nil {
		t.Fatal(err)
	}
	return storia.Stato.Ambito
}

// whoever is erased cannot be read any more, live or by a program that
// knows nothing of before; the lists that followed the erasure are, row by row,
// those that the log makes; the case is still replayed. A key database that is
// put back as it was before loses the keys again before anything is read; and so
// does a whole backup of before that is restored with the ledger of erasures.
func TestErasedPeopleAreGoneAndListsAreWhatTheLogMakes(t *testing.T) {
	quanti, casi := 15, "25"
	if lungo() {
		quanti, casi = 201, "120"
	}
	p := demoIn(t, cartellaDemo(t), nil, "--casi", casi, "--seed", "5")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	copie := t.TempDir()
	detto(t, "backup", copie, "--data", p.dir, "--in-chiaro")
	i, s, comandi, fine := dentro(t, p.dir)
	prima, err := i.chiavi.Salva(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tutti := soggetti(t, i, quanti)
	if len(tutti) < quanti-2 {
		t.Fatalf("only %d subjects", len(tutti))
	}
	tutti = append(tutti, operatoreCessato(t, s, comandi))
	var chieste []id.Cancellazione
	for _, di := range tutti {
		chieste = append(chieste, chiesta(t, s, comandi, di))
	}
	chiaro := letti(t, i, tutti)
	ascolta, basta := conContesto(t)
	go func() { _ = i.chiavi.Ascolta(ascolta, i.anello.Forget, s.log) }()
	s.oblio.Scordo = 5 * time.Second
	inizio := time.Now()
	if err := s.oblio.Esegui(t.Context(), chieste...); err != nil {
		t.Fatal(err)
	}
	basta()
	durata, ultima := time.Since(inizio), chieste[len(chieste)-1]
	vivi := ancora(t, i, chiaro)
	st, err := comandi.StatoCancellazione(t.Context(), ultima)
	if err != nil || st.Stato != cancellazione.Provata || st.Prova.Tentati == 0 {
		t.Fatalf("the last one is %s: %v", st.Stato, err)
	}
	chiavi, err := notaio.LeggiChiavi(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open([]byte(st.Prova.Testo), chiavi.Verificano); err != nil {
		t.Errorf("the receipt is not signed: %v\n%s", err, st.Prova.Testo)
	}
	uguali(t, s)
	fine()
	ripristinate(t, p.dir, prima)

	ripresi := daUnaCopia(t, unica(t, copie), p.dir, tutti, chiaro)
	i, s, comandi, fine = dentro(t, p.dir)
	defer fine()
	leggibili, tornati := 0, ancora(t, i, chiaro)
	for _, di := range tutti {
		leggibili += leggibile(t, i, di)
		if di.Tipo != cancellazione.Operatore {
			if _, err := comandi.StoriaCaso(t.Context(), di.Caso, commands.Alla{}); err != nil {
				t.Errorf("case %s is not replayed: %v", di.Caso, err)
			}
		}
	}
	uguali(t, s)
	if err := projections.Ricostruisci(t.Context(), s.lettura, s.origine(), s.log, modelli...); err != nil {
		t.Fatal(err)
	}
	uguali(t, s)
	rifatti := ancora(t, i, chiaro)
	longtest.Metric(t, "R-19", "subjects", len(tutti), "events", len(chiaro), "in", durata.Round(time.Millisecond), "readable-live", vivi, "readable-after-older-keys", tornati,
		"readable-after-older-backup", ripresi, "keys", leggibili, "readable-after-rebuild", rifatti, "tables", conta(t, st.Prova.Testo, "tabelle"), "rows", conta(t, st.Prova.Testo, "righe"))
	if vivi+tornati+ripresi+leggibili+rifatti > 0 {
		t.Error("what was sealed of who was erased can be read")
	}
}

// daUnaCopia restores a backup of before erasures with the ledger of the installation
// that was backed up, and counts what of those who were erased can be read there: in
// the log, by keys, or in the lists that are made anew.
func daUnaCopia(t *testing.T, copia, dir string, tutti []cancellazione.Soggetto, chiaro map[uuid.UUID]string) (n int) {
	t.Helper()
	nuova := filepath.Join(cartellaDemo(t), "nuova")
	detto(t, "restore", copia, "--data", nuova, "--registro", dir+"-sigilli", "--senza-liste")
	i, s, comandi, fine := dentro(t, nuova)
	defer fine()
	uguali(t, s)
	n = ancora(t, i, chiaro)
	for _, di := range tutti {
		n += leggibile(t, i, di)
		if di.Tipo == cancellazione.Operatore {
			continue
		}
		if _, err := comandi.StoriaCaso(t.Context(), di.Caso, commands.Alla{}); err != nil {
			t.Errorf("case %s is not replayed: %v", di.Caso, err)
		}
		riconoscibili, err := s.oblio.Riconoscibili(t.Context(), di)
		if err != nil {
			t.Fatal(err)
		}
		n += riconoscibili
	}
	return n
}

// letti are the events that hold something of subjects, as they read now.
func letti(t *testing.T, i *impianto, di []cancellazione.Soggetto) map[uuid.UUID]string {
	t.Helper()
	suoi := map[uuid.UUID]string{}
	for _, s := range di {
		loro := map[uuid.UUID]bool{}
		for e, err := range i.eventi().Stored(t.Context(), s.Flusso()) {
			if err != nil {
				t.Fatal(err)
			}
			busta, _, err := sealing.Parse(e.Data)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range busta.Refs() {
				loro[e.ID] = loro[e.ID] || s.Comprende(r.Subject)
			}
		}
		for r, err := range i.eventi().Read(t.Context(), s.Flusso()) {
			if err != nil {
				t.Fatal(err)
			}
			if loro[r.ID] {
				suoi[r.ID] = r.Stream + " " + comeJSON(t, r)
			}
		}
	}
	return suoi
}

// ancora counts those that read as they did.
func ancora(t *testing.T, i *impianto, prima map[uuid.UUID]string) (n int) {
	t.Helper()
	flussi := map[string]bool{}
	for _, testo := range prima {
		flusso, _, _ := strings.Cut(testo, " ")
		flussi[flusso] = true
	}
	for flusso := range flussi {
		for r, err := range i.eventi().Read(t.Context(), flusso) {
			if err != nil {
				t.Fatal(err)
			}
			if prima[r.ID] == flusso+" "+comeJSON(t, r) {
				n++
			}
		}
	}
	return n
}

func comeJSON(t *testing.T, r domain.Recorded) string {
	t.Helper()
	b, err := json.Marshal(r.Event)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// dentro is an installation at work in this process, without its server.
func dentro(t *testing.T, dir string) (*impianto, *servizio, *commands.Service, func()) {
	t.Helper()
	c, err := configFrom(nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Data = dir
	i, err := apri(c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err == nil {
		err = i.apriArchivio(t.Context(), false)
	}
	if err == nil {
		err = i.apriChiavi(t.Context())
	}
	if err == nil {
		err = i.apriLettura(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := nuovoServizio(t.Context(), i, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.oblio.Scordo = 0
	corre, basta := conContesto(t)
	fermo := make(chan struct{})
	go func() { defer close(fermo); _ = s.motore.Run(corre) }()
	return i, s, s.comandi(), func() {
		basta()
		<-fermo
		s.registro.Chiudi()
		if err := i.chiudi(); err != nil {
			t.Error(err)
		}
	}
}

// operatoreCessato is somebody who worked on cases, and has no role any more.
func operatoreCessato(t *testing.T, s *servizio, comandi *commands.Service) cancellazione.Soggetto {
	t.Helper()
	var chi id.Operatore
	if err := s.lettura.QueryRow(t.Context(), `SELECT case_manager FROM casi WHERE lista = 2 GROUP BY case_manager ORDER BY count(*) DESC LIMIT 1`).Scan(&chi); err != nil {
		t.Fatal(err)
	}
	var acc []id.Accreditamento
	rows, err := s.lettura.Query(t.Context(), `SELECT accreditamento FROM accreditamenti WHERE operatore = $1 AND NOT revocato`, chi.UUID)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var a id.Accreditamento
		if err := rows.Scan(&a); err != nil {
			t.Fatal(err)
		}
		acc = append(acc, a)
	}
	for _, a := range acc {
		req := commands.Request{Comando: uuid.New(), Impronta: "prova", Attore: domain.Installatore, Canale: domain.Batch, Adesso: time.Now()}
		if _, err := comandi.RevocaRuolo(t.Context(), req, chi, operatore.Revoca{Accreditamento: a, Motivo: "cessato"}); err != nil {
			t.Fatal(err)
		}
	}
	return cancellazione.Soggetto{Tipo: cancellazione.Operatore, Quale: chi.UUID}
}

// uguali holds every list against the log.
func uguali(t *testing.T, s *servizio) {
	t.Helper()
	fine, err := s.archivio.End(t.Context())
	if err == nil {
		_, err = s.seguono(t.Context(), fine)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modelli {
		diverse, err := projections.Verifica(t.Context(), s.lettura, s.origine(), s.log, m)
		if err != nil || len(diverse) > 0 {
			t.Errorf("%s is not what the log makes: %+v %v", m.ID(), diverse, err)
		}
	}
}

// leggibile counts the sealed values of a subject whose key is there.
func leggibile(t *testing.T, i *impianto, di cancellazione.Soggetto) int {
	t.Helper()
	var kids []uuid.UUID
	for e, err := range i.eventi().Stored(t.Context(), di.Flusso()) {
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := sealing.Parse(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Refs() {
			if di.Comprende(r.Subject) {
				kids = append(kids, r.Key)
			}
		}
	}
	vive, err := i.chiavi.Vive(t.Context(), kids)
	if err != nil {
		t.Fatal(err)
	}
	return len(vive)
}
