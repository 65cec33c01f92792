package commands_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/eventstore/memory"
)

var mezzogiorno = time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)

// palermo answers for two comuni of one ambito.
type palermo struct{}

func (palermo) AmbitoDi(_ context.Context, comune string) (string, bool, error) {
	ambito, found := map[string]string{"G273": "PA42", "F377": "PA42", "H501": "RM1"}[comune]
	return ambito, found, nil
}

// intoppo is a store that fails, or stops a run, when its function says so.
type intoppo struct {
	*memory.Store
	prima func(stream string, events []domain.Event) error
}

func (s intoppo) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	if s.prima != nil {
		if err := s.prima(stream, events); err != nil {
			return domain.Appended{}, err
		}
	}
	return s.Store.Append(ctx, stream, at, meta, events...)
}

func magazzino() *memory.Store {
	return memory.New(domain.NewCatalog(caso.Aggregate, importazione.Aggregate))
}

func servizio(store commands.Store) *commands.Service {
	return &commands.Service{Store: store, Territori: palermo{}, Segreto: []byte("segreto"), Zona: time.UTC}
}

// fascicolo is a file, and the import that it belongs to.
type fascicolo struct {
	id   id.Importazione
	file []byte
	importazione.Ricevuta
}

func nuovo(file []byte, tipo importazione.Tipo, formato importazione.Formato) fascicolo {
	return fascicolo{id.New[id.Importazione](), file, importazione.Ricevuta{Tipo: tipo, Formato: formato, Impronta: sha256.Sum256(file), Byte: int64(len(file))}}
}

func (f fascicolo) ricevi(t *testing.T, s *commands.Service) {
	t.Helper()
	req := commands.Request{Comando: uuid.New(), Attore: domain.INPS, Canale: domain.HTTP, Adesso: mezzogiorno}
	if _, err := s.RiceviFile(t.Context(), req, f.id, f.Ricevuta); err != nil {
		t.Fatal(err)
	}
}

func (f fascicolo) importa(ctx context.Context, s *commands.Service) error {
	apri := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.file)), nil }
	return s.Importa(ctx, f.id, apri, domain.INPS, func() time.Time { return mezzogiorno }, slog.New(slog.DiscardHandler))
}

func (f fascicolo) fine(t *testing.T, s *commands.Service) importazione.State {
	t.Helper()
	f.ricevi(t, s)
	if err := f.importa(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	st, err := s.Importazione(t.Context(), f.id)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func domanda(n int) tracciato.Domanda {
	cf, err := codicefiscale.Calcola("Rossi", "Anna", 1980, 1, 1+n%28, "F", "G273")
	if err != nil {
		panic(err)
	}
	return tracciato.Domanda{
		IDDomanda: fmt.Sprintf("INPS-ADI-2026-%d", n+1), Misura: "ADI", Comune: "G273", Via: "Via Inventata", Civico: "14", CAP: "90121",
		DataPresentazione: giorno.Data(2026, 1, 10), DataTrasmissioneComune: giorno.Data(2026, 1, 20), ISEE: 450000,
		Componenti: []tracciato.Componente{{
			CodiceFiscale: string(cf), Cognome: "Rossi", Nome: "Anna", Sesso: "F", DataNascita: giorno.Data(1980, 1, 1+n%28),
			ComuneNascita: "G273", Relazione: "RICHIEDENTE", Convivente: true, TenutoAgliObblighi: true,
		}},
	}
}

func scritte(t *testing.T, formato importazione.Formato, domande ...tracciato.Domanda) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tracciato.Scrivi(&b, formato, slices.Values(domande)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func molte(n int) (domande []tracciato.Domanda) {
	for i := range n {
		domande = append(domande, domanda(i))
	}
	return domande
}

// contati are the events of each stream but the imports'.
func contati(t *testing.T, store *memory.Store) map[string]int {
	t.Helper()
	n := map[string]int{}
	for e, err := range store.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(e.Stream, "caso-") {
			n[e.Stream]++
		}
	}
	return n
}

func TestEachDomandaOpensItsCaseOnce(t *testing.T) {
	for _, formato := range []importazione.Formato{importazione.NDJSON, importazione.CSV} {
		store := magazzino()
		s := servizio(store)
		f := nuovo(scritte(t, formato, molte(1200)...), importazione.Domande, formato)
		got := f.fine(t, s)
		want := importazione.State{Stato: importazione.Completata, Ricevuta: f.Ricevuta, Righe: 1200, Fino: 1200, Conteggi: importazione.Conteggi{Nuove: 1200}}
		if formato == importazione.CSV {
			want.Righe, want.Fino = 1201, 1201
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", formato, diff)
		}
		if n := contati(t, store); len(n) != 1200 {
			t.Errorf("%s: %d cases", formato, len(n))
		}
		again := nuovo(f.file, importazione.Domande, formato).fine(t, s)
		if diff := cmp.Diff(importazione.Conteggi{Invariate: 1200}, again.Conteggi); diff != "" {
			t.Errorf("%s, the same file again (-want +got):\n%s", formato, diff)
		}
	}
}

func TestTheEventsOfAnImportSayWhereTheyCameFrom(t *testing.T) {
	store := magazzino()
	f := nuovo(scritte(t, importazione.NDJSON, domanda(0)), importazione.Domande, importazione.NDJSON)
	f.fine(t, servizio(store))
	for r, err := range store.Read(t.Context(), caso.Decider.Stream(id.CasoDi("INPS-ADI-2026-1").String())) {
		if err != nil {
			t.Fatal(err)
		}
		m := r.Meta
		if m.Canale != domain.Batch || m.Correlazione != f.id.UUID || m.Attore != domain.INPS.ID || m.Comando != uuid.NewSHA1(f.id.UUID, []byte("riga/1")) {
			t.Errorf("metadata: %+v", m)
		}
		if d := r.Event.(caso.DomandaRicevuta); d.Ambito != "PA42" {
			t.Errorf("ambito %q", d.Ambito)
		}
	}
}

func TestADomandaThatComesAgainWithOtherContentIsReported(t *testing.T) {
	s := servizio(magazzino())
	nuovo(scritte(t, importazione.NDJSON, molte(3)...), importazione.Domande, importazione.NDJSON).fine(t, s)
	altre := molte(4)
	altre[1].Civico = "15"
	got := nuovo(scritte(t, importazione.NDJSON, altre...), importazione.Domande, importazione.NDJSON).fine(t, s)
	if diff := cmp.Diff(importazione.Conteggi{Nuove: 1, Invariate: 2, Difformi: 1}, got.Conteggi); diff != "" {
		t.Error(diff)
	}
	want := []importazione.Errore{{Riga: 2, Codice: "domanda_difforme", Suggerimento: caso.ErrDomandaDifforme.Message}}
	if diff := cmp.Diff(want, got.Errori); diff != "" {
		t.Error(diff)
	}
}

func guaste() []tracciato.Domanda {
	d := molte(6)
	d[1].Comune = "L736"                             // of no ambito
	d[2].Comune, d[2].Ambito = "H501", "PA42"        // of another
	d[3].DataPresentazione = giorno.Data(2026, 4, 1) // in the future
	d[4] = d[0]
	d[4].Civico = "99"
	d[5] = d[0] // the same again
	return d
}

func TestOneBadRowRefusesTheFile(t *testing.T) {
	store := magazzino()
	got := nuovo(scritte(t, importazione.NDJSON, guaste()...), importazione.Domande, importazione.NDJSON).fine(t, servizio(store))
	type male struct {
		Riga          int
		Campo, Codice string
	}
	var errori []male
	for _, e := range got.Errori {
		errori = append(errori, male{e.Riga, e.Campo, e.Codice})
	}
	want := []male{
		{2, "comune", "comune_senza_ambito"}, {3, "ambito", "comune_fuori_ambito"},
		{4, "data_presentazione", "domanda.data_non_valida"}, {5, "id_domanda", "domanda_ripetuta"},
	}
	if diff := cmp.Diff(want, errori); diff != "" {
		t.Error(diff)
	}
	if got.Stato != importazione.Rifiutata || got.Errate != 4 || len(contati(t, store)) != 0 {
		t.Errorf("%s, %d bad, %d cases", got.Stato, got.Errate, len(contati(t, store)))
	}
}

func TestSaltaErrateTakesTheGoodRows(t *testing.T) {
	store := magazzino()
	f := nuovo(scritte(t, importazione.NDJSON, guaste()...), importazione.Domande, importazione.NDJSON)
	f.SaltaErrate = true
	got := f.fine(t, servizio(store))
	if diff := cmp.Diff(importazione.Conteggi{Nuove: 1, Invariate: 1}, got.Conteggi); diff != "" {
		t.Error(diff)
	}
	if got.Stato != importazione.Completata || got.Errate != 4 || got.Fino != 6 || len(contati(t, store)) != 1 {
		t.Errorf("%s, %d bad, up to %d, %d cases", got.Stato, got.Errate, got.Fino, len(contati(t, store)))
	}
}

func TestFilesWithNothingToReadAreRefused(t *testing.T) {
	for name, file := range map[string]string{"empty": "", "blank": "\n\n", "header": "a,b,c\n1,2,3\n", "binary": "\x00\xff\x00"} {
		formato := importazione.NDJSON
		if name == "header" {
			formato = importazione.CSV
		}
		f := nuovo([]byte(file), importazione.Domande, formato)
		f.SaltaErrate = name != "binary" // nothing would be left to take in all the same
		if got := f.fine(t, servizio(magazzino())); got.Stato != importazione.Rifiutata || len(got.Errori) == 0 {
			t.Errorf("%s: %s, %v", name, got.Stato, got.Errori)
		}
	}
}

func TestARunStoppedAnywhereGoesOnAsIfItHadNot(t *testing.T) {
	domande := molte(1700)
	domande[1600] = domande[3] // the same domanda twice
	f := nuovo(scritte(t, importazione.NDJSON, domande...), importazione.Domande, importazione.NDJSON)
	want := f.fine(t, servizio(magazzino()))

	quando := []int64{7, 311, 501}
	if os.Getenv("NUCLEO_LONG") != "" {
		quando = append(quando, 1, 2, 33, 250, 499, 500, 1000, 1703)
	}
	for _, ogni := range quando {
		store := magazzino()
		f.ricevi(t, servizio(store))
		corse := 0
		for ; ; corse++ {
			ctx, ferma := context.WithCancel(t.Context())
			var scritti atomic.Int64
			err := f.importa(ctx, servizio(intoppo{store, func(string, []domain.Event) error {
				if corse < 12 && scritti.Add(1) > ogni*int64(1+corse) {
					ferma()
				}
				return nil
			}}))
			ferma()
			if err == nil {
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		got, err := servizio(store).Importazione(t.Context(), f.id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stopped after %d appends, %d runs (-want +got):\n%s", ogni, corse+1, diff)
		}
		for stream, n := range contati(t, store) {
			if n != 1 {
				t.Errorf("%s holds %d events", stream, n)
			}
		}
	}
}

func TestAStoreThatFailsForAWhileLosesAndRepeatsNothing(t *testing.T) {
	store := magazzino()
	var n atomic.Int64
	s := servizio(intoppo{store, func(string, []domain.Event) error {
		switch n.Add(1) % 40 {
		case 3:
			return fmt.Errorf("append: %w", domain.ErrNonDisponibile)
		case 17:
			return domain.ErrEsitoIncerto
		}
		return nil
	}})
	got := nuovo(scritte(t, importazione.NDJSON, molte(600)...), importazione.Domande, importazione.NDJSON).fine(t, s)
	if diff := cmp.Diff(importazione.Conteggi{Nuove: 600}, got.Conteggi); diff != "" || got.Stato != importazione.Completata {
		t.Error(got.Stato, diff)
	}
}

func TestAStoreThatStaysAwayIsWaitedForUntilTheRunIsStopped(t *testing.T) {
	ctx, ferma := context.WithCancel(t.Context())
	var n atomic.Int64
	store := intoppo{magazzino(), func(stream string, _ []domain.Event) error {
		if strings.HasPrefix(stream, "caso-") {
			if n.Add(1) == 4 {
				ferma()
			}
			return domain.ErrNonDisponibile
		}
		return nil
	}}
	s := servizio(store)
	f := nuovo(scritte(t, importazione.NDJSON, domanda(0)), importazione.Domande, importazione.NDJSON)
	f.ricevi(t, s)
	if err := f.importa(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if st, _ := s.Importazione(t.Context(), f.id); st.Stato != importazione.InCorso {
		t.Errorf("the import is %s", st.Stato)
	}
}

func TestAFaultEndsTheImportAndSaysWhere(t *testing.T) {
	guasto := errors.New("disk on fire")
	s := servizio(intoppo{magazzino(), func(stream string, _ []domain.Event) error {
		if strings.HasPrefix(stream, "caso-") {
			return guasto
		}
		return nil
	}})
	f := nuovo(scritte(t, importazione.NDJSON, domanda(0)), importazione.Domande, importazione.NDJSON)
	f.ricevi(t, s)
	if err := f.importa(t.Context(), s); !errors.Is(err, guasto) {
		t.Errorf("got %v", err)
	}
	if st, _ := s.Importazione(t.Context(), f.id); st.Stato != importazione.Fallita || !strings.Contains(st.Motivo, "row 1") {
		t.Errorf("the import is %s: %q", st.Stato, st.Motivo)
	}
}

func TestAFileThatChangedSinceItCameIsNotTakenIn(t *testing.T) {
	store := magazzino()
	f := nuovo(scritte(t, importazione.NDJSON, molte(2)...), importazione.Domande, importazione.NDJSON)
	f.ricevi(t, servizio(store))
	f.file = scritte(t, importazione.NDJSON, domanda(0))
	if err := f.importa(t.Context(), servizio(store)); err == nil {
		t.Error("no error")
	}
	if st, _ := servizio(store).Importazione(t.Context(), f.id); st.Stato != importazione.Fallita || len(contati(t, store)) != 0 {
		t.Errorf("the import is %s", st.Stato)
	}
}

func TestSixteenImportsOfOneFileOpenEachCaseOnce(t *testing.T) {
	store := magazzino()
	s := servizio(store)
	file := scritte(t, importazione.NDJSON, molte(300)...)
	var somma importazione.Conteggi
	var mu sync.Mutex
	var tutti sync.WaitGroup
	for range 16 {
		tutti.Go(func() {
			f := nuovo(file, importazione.Domande, importazione.NDJSON)
			st := f.fine(t, s)
			mu.Lock()
			defer mu.Unlock()
			somma = somma.Piu(st.Conteggi)
		})
	}
	tutti.Wait()
	if diff := cmp.Diff(importazione.Conteggi{Nuove: 300, Invariate: 15 * 300}, somma); diff != "" {
		t.Error(diff)
	}
	for stream, n := range contati(t, store) {
		if n != 1 {
			t.Errorf("%s holds %d events", stream, n)
		}
	}
}

func TestVariazioniOfACaseKeepTheirOrder(t *testing.T) {
	store := magazzino()
	s := servizio(store)
	nuovo(scritte(t, importazione.NDJSON, molte(3)...), importazione.Domande, importazione.NDJSON).fine(t, s)
	var v []tracciato.Variazione
	for giro := range 20 {
		for n := range 3 {
			persona := domanda(n).Componenti[0]
			persona.Nome = fmt.Sprintf("Anna %c", 'A'+giro)
			v = append(v, tracciato.Variazione{
				IDDomanda: domanda(n).IDDomanda, Tipo: tracciato.VariazioneNucleo, DataDecorrenza: giorno.Data(2026, 2, 1), Fonte: "INPS", Modificati: []tracciato.Componente{persona},
			})
		}
	}
	v = append(v,
		tracciato.Variazione{IDDomanda: domanda(0).IDDomanda, Tipo: tracciato.Trasferimento, DataDecorrenza: giorno.Data(2026, 2, 2), Comune: "F377", Via: "Via Nuova", CAP: "90046"},
		tracciato.Variazione{IDDomanda: "INPS-ADI-2026-77", Tipo: tracciato.Trasferimento, DataDecorrenza: giorno.Data(2026, 2, 2), Comune: "F377", Via: "Via Nuova", CAP: "90046"},
	)
	var b bytes.Buffer
	if err := tracciato.ScriviVariazioni(&b, slices.Values(v)); err != nil {
		t.Fatal(err)
	}
	got := nuovo(b.Bytes(), importazione.Variazioni, importazione.NDJSON).fine(t, s)
	if diff := cmp.Diff(importazione.Conteggi{Nuove: 61, Rifiutate: 1}, got.Conteggi); diff != "" {
		t.Error(diff, got.Errori)
	}
	if len(got.Errori) != 1 || got.Errori[0].Riga != 62 || got.Errori[0].Codice != caso.ErrInesistente.Code {
		t.Error(got.Errori)
	}
	for n := range 3 {
		st, err := s.Caso(t.Context(), domain.INPS, id.CasoDi(domanda(n).IDDomanda))
		if err != nil || st.Stato.Nucleo.Componenti[0].Nome != "Anna T" {
			t.Errorf("%v, %+v", err, st.Stato.Nucleo.Componenti)
		}
		if comune := map[bool]string{true: "F377", false: "G273"}[n == 0]; st.Stato.Comune != comune {
			t.Errorf("case %d lies in %s", n, st.Stato.Comune)
		}
	}
}

func TestVariazioniKeepTheirOrderAcrossAStop(t *testing.T) {
	altra := func(nome string) tracciato.Componente {
		c := tracciato.Componente{CodiceFiscale: "BNCFNC65E60E472C", Cognome: "Bianchi", Nome: nome, Sesso: "F", DataNascita: giorno.Data(1965, 5, 20), ComuneNascita: "E472", Relazione: "ALTRO"}
		return c
	}
	v := tracciato.Variazione{IDDomanda: domanda(0).IDDomanda, Tipo: tracciato.VariazioneNucleo, DataDecorrenza: giorno.Data(2026, 2, 1), Fonte: "INPS"}
	modifica, aggiunge := v, v
	modifica.Modificati = []tracciato.Componente{altra("Franca")} // refused: she is not there yet
	aggiunge.Aggiunti = []tracciato.Componente{altra("Francesca")}
	trasloca := tracciato.Variazione{IDDomanda: v.IDDomanda, Tipo: tracciato.Trasferimento, DataDecorrenza: v.DataDecorrenza, Comune: "F377", Via: "Via Nuova", CAP: "90046"}
	var b bytes.Buffer
	if err := tracciato.ScriviVariazioni(&b, slices.Values([]tracciato.Variazione{modifica, aggiunge, trasloca})); err != nil {
		t.Fatal(err)
	}
	for _, ferma := range []string{"", "ComposizioneNucleoAggiornata", "CasoTrasferito", "ImportazioneAvanzata"} {
		store := magazzino()
		nuovo(scritte(t, importazione.NDJSON, domanda(0)), importazione.Domande, importazione.NDJSON).fine(t, servizio(store))
		f := nuovo(b.Bytes(), importazione.Variazioni, importazione.NDJSON)
		f.ricevi(t, servizio(store))
		ctx, basta := context.WithCancel(t.Context())
		_ = f.importa(ctx, servizio(intoppo{store, func(_ string, events []domain.Event) error {
			if events[0].EventType() == ferma {
				basta()
			}
			return nil
		}}))
		basta()
		if err := f.importa(t.Context(), servizio(store)); err != nil {
			t.Fatal(err)
		}
		st, err := servizio(store).Importazione(t.Context(), f.id)
		if diff := cmp.Diff(importazione.Conteggi{Nuove: 2, Rifiutate: 1}, st.Conteggi); diff != "" || err != nil {
			t.Errorf("stopped at %q: %v\n%s", ferma, err, diff)
		}
		c, err := servizio(store).Caso(t.Context(), domain.INPS, id.CasoDi(v.IDDomanda))
		if err != nil || c.Stato.Nucleo.Componenti[1].Nome != "Francesca" || c.Head.Version != 3 {
			t.Errorf("stopped at %q: %v, %d events", ferma, err, c.Head.Version)
		}
	}
}

func TestBenefitsOfACaseKeepTheirOrderAcrossAStop(t *testing.T) {
	adi := domanda(0)
	righe := func(righe ...string) []byte {
		var b bytes.Buffer
		for _, r := range righe {
			fmt.Fprintf(&b, `{"id_domanda":%q,%s}`+"\n", adi.IDDomanda, r)
		}
		return b.Bytes()
	}
	file := righe(
		`"tipo":"SOSPENSIONE","dal":"2026-02-10","causale":"mancato incontro"`,
		`"tipo":"RIPRISTINO","dal":"2026-02-01","causale":"incontro registrato"`, // older than the suspension
		`"tipo":"RIPRISTINO","dal":"2026-02-12","causale":"incontro registrato"`,
		`"tipo":"DECURTAZIONE","dal":"2026-02-12","mensilita":1`,
		`"tipo":"DECADENZA","dal":"2026-02-20","causale":"rinuncia"`,
	)
	for _, ferma := range []string{"", "BeneficioSospeso", "BeneficioRipristinato", "BeneficioDecaduto", "ImportazioneAvanzata"} {
		store := magazzino()
		nuovo(scritte(t, importazione.NDJSON, adi), importazione.Domande, importazione.NDJSON).fine(t, servizio(store))
		f := nuovo(file, importazione.Benefici, importazione.NDJSON)
		f.ricevi(t, servizio(store))
		ctx, basta := context.WithCancel(t.Context())
		_ = f.importa(ctx, servizio(intoppo{store, func(_ string, events []domain.Event) error {
			if events[0].EventType() == ferma {
				basta()
			}
			return nil
		}}))
		basta()
		if err := f.importa(t.Context(), servizio(store)); err != nil {
			t.Fatal(err)
		}
		st, err := servizio(store).Importazione(t.Context(), f.id)
		if diff := cmp.Diff(importazione.Conteggi{Nuove: 4, Rifiutate: 1}, st.Conteggi); diff != "" || err != nil {
			t.Errorf("stopped at %q: %v\n%s", ferma, err, diff)
		}
		if len(st.Errori) != 1 || st.Errori[0].Riga != 2 || st.Errori[0].Codice != caso.ErrVariazioneSuperata.Code {
			t.Errorf("stopped at %q: %v", ferma, st.Errori)
		}
		c, err := servizio(store).Caso(t.Context(), domain.INPS, id.CasoDi(adi.IDDomanda))
		if err != nil || c.Stato.Stato != caso.Decaduto || c.Head.Version != 5 {
			t.Errorf("stopped at %q: %v, %s after %d events", ferma, err, c.Stato.Stato, c.Head.Version)
		}
	}
}

func TestTheReportOfBadRowsIsBounded(t *testing.T) {
	var b bytes.Buffer
	for range 3000 {
		b.WriteString(`{"id_domanda":"x","misura":7,"comune":"x","componenti":[{},{},{}]}` + "\n")
	}
	got := nuovo(b.Bytes(), importazione.Domande, importazione.NDJSON).fine(t, servizio(magazzino()))
	if len(got.Errori) != importazione.MaxErrori || got.Errate != 3000 || got.Stato != importazione.Rifiutata {
		t.Errorf("%s, %d bad, %d reported", got.Stato, got.Errate, len(got.Errori))
	}
}

var _ commands.Store = intoppo{}
