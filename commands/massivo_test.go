package commands_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/commands/modulo"
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
	"nucleo/domain/operatore"
	"nucleo/eventstore/memory"
)

// fogli are workbooks written as JSON.
type fogli struct{}

func (fogli) Leggi(contenuto []byte) (righe []modulo.Riga, err error) {
	return righe, json.Unmarshal(contenuto, &righe)
}
func (fogli) Modello(io.Writer, modulo.Territorio) error { return nil }
func (fogli) ConErrori(w io.Writer, _ modulo.Territorio, righe []modulo.Riga, errori []massivo.Errore) error {
	_, err := fmt.Fprint(w, len(righe), len(errori))
	return err
}

// cassetto keeps files in memory.
type cassetto struct {
	mu   sync.Mutex
	file map[id.Massivo][]byte
}

func (c *cassetto) Conserva(_ context.Context, m id.Massivo, contenuto []byte, _ time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.file[m] = contenuto
	return nil
}

func (c *cassetto) Leggi(_ context.Context, m id.Massivo) ([]byte, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, found := c.file[m]
	return f, found, nil
}

func (c *cassetto) Scarta(_ context.Context, m id.Massivo) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.file, m)
	return nil
}

func (c *cassetto) Sola(ctx context.Context, _ id.Massivo, fa func(context.Context) error) (bool, error) {
	return true, fa(ctx)
}

// sportello is an ambito whose amministratore sends files.
type sportello struct {
	*commands.Service
	store    *memory.Store
	cassetto *cassetto
	prima    func(stream string, events []domain.Event) error // before each append of the service
	chi      domain.Attore
}

func nuovoSportello(t *testing.T) *sportello {
	t.Helper()
	u := &sportello{
		store:    memory.New(domain.NewCatalog(operatore.Aggregate, ambito.Aggregate, massivo.Aggregate)),
		cassetto: &cassetto{file: map[id.Massivo][]byte{}},
		chi:      domain.Attore{ID: uuid.New(), Profilo: uuid.New(), Ruolo: domain.AmministratoreAmbito, Territorio: domain.Territorio{Ambito: "PA42"}},
	}
	u.Service = &commands.Service{
		Store:   intoppo{u.store, func(s string, e []domain.Event) error { return u.intoppa(s, e) }},
		Segreto: []byte("s"), Zona: time.UTC, Fogli: fogli{}, Custodia: u.cassetto,
	}
	u.scrive(t, "ambito-PA42", ambito.Creato{Codice: "PA42", Denominazione: "D42", Regione: "Sicilia"}, ambito.ComuneAssociato{Comune: "G273"}, ambito.ComuneAssociato{Comune: "F377"},
		ambito.DelegaRegistrata{Comuni: []string{"F377"}, Data: giorno.Data(2026, 1, 1), Atto: "1", PEC: "a@example.org"}, convenzione("G273"), convenzione("F377"))
	return u
}

// convenzione is the agreement of a comune.
func convenzione(comune string) ambito.ConvenzioneSottoscritta {
	return ambito.ConvenzioneSottoscritta{Comune: comune, Data: giorno.Data(2026, 1, 1), Firmatario: "x", Qualifica: ambito.Sindaco}
}

// nota is a person who is known, as far as the rules ask.
var nota = operatore.Registrato{CodiceFiscale: "x", DataNascita: giorno.Data(1980, 1, 1), ComuneNascita: "G273", Genere: "F"}

func (u *sportello) intoppa(s string, e []domain.Event) error {
	if u.prima == nil {
		return nil
	}
	return u.prima(s, e)
}

// scrive appends to a stream past the service.
func (u *sportello) scrive(t *testing.T, stream string, events ...domain.Event) {
	t.Helper()
	var at domain.Head
	for r, err := range u.store.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		at = r.Head()
	}
	if _, err := u.store.Append(t.Context(), stream, at, domain.Meta{Comando: uuid.New(), Istante: mezzogiorno}, events...); err != nil {
		t.Fatal(err)
	}
}

func (u *sportello) letti(t *testing.T, stream string) (tutti []domain.Recorded) {
	t.Helper()
	for r, err := range u.store.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		tutti = append(tutti, r)
	}
	return tutti
}

func (u *sportello) richiesta(chiave string) commands.Request {
	return commands.Request{Comando: uuid.NewSHA1(u.chi.ID, []byte(chiave)), Impronta: "i", Attore: u.chi, Adesso: mezzogiorno}
}

// riga is a row about the n-th person.
func riga(t *testing.T, n int, cambia ...string) modulo.Riga {
	t.Helper()
	nome := "ANNA" + string(rune('A'+n))
	cf, err := codicefiscale.Calcola("VERDI", nome, 1980, 1, 1+n, "F", "G273")
	if err != nil {
		t.Fatal(err)
	}
	celle := map[modulo.Campo]string{
		modulo.CodiceFiscale: string(cf), modulo.Cognome: "VERDI", modulo.Nome: nome, modulo.DataNascita: fmt.Sprintf("%02d/01/1980", 1+n), modulo.ComuneNascita: "Palermo",
		modulo.Genere: "F", modulo.Ruolo: "Case manager", modulo.Ambito: "PA42", modulo.Comuni: "PALERMO (G273)", modulo.Fondo: "PON", modulo.Protocollo: "2026/1", modulo.DataRichiesta: "01/02/2026",
	}
	for i := 0; i+1 < len(cambia); i += 2 {
		celle[modulo.Campo(cambia[i])] = cambia[i+1]
	}
	r := modulo.Riga{Numero: n + 2}
	for _, c := range modulo.Colonne {
		r.Celle = append(r.Celle, celle[c.Campo])
	}
	return r
}

func (u *sportello) manda(t *testing.T, chiave string, righe ...modulo.Riga) (id.Massivo, massivo.State) {
	t.Helper()
	file, err := json.Marshal(righe)
	if err != nil {
		t.Fatal(err)
	}
	m := id.Massivo{UUID: uuid.NewSHA1(uuid.Nil, []byte(chiave))}
	esito, err := u.ControllaOperatori(t.Context(), u.richiesta("manda"+chiave), m, file)
	if err != nil {
		t.Fatal(err)
	}
	return m, esito.Stato
}

func (u *sportello) applica(t *testing.T, m id.Massivo) massivo.State {
	t.Helper()
	if _, err := u.AvviaOperatori(t.Context(), u.richiesta("avvia"+m.String()), m); err != nil {
		t.Fatal(err)
	}
	if err := u.porta(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return u.stato(t, m)
}

func (u *sportello) porta(ctx context.Context, m id.Massivo) error {
	return u.ApplicaOperatori(ctx, m, func() time.Time { return mezzogiorno }, slog.New(slog.DiscardHandler))
}

func (u *sportello) stato(t *testing.T, m id.Massivo) massivo.State {
	t.Helper()
	st, err := u.MassivoOperatori(t.Context(), u.chi, m)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// persone says of each of the first n persons: known?, roles that hold.
func (u *sportello) persone(t *testing.T, n int) (chi []string) {
	t.Helper()
	for i := range n {
		st, err := u.Operatore(t.Context(), u.OperatoreDi(riga(t, i).Cella(modulo.CodiceFiscale)))
		if err != nil {
			t.Fatal(err)
		}
		chi = append(chi, fmt.Sprint(st.Registrato, " ", len(st.Attivi(giorno.Data(2099, 1, 1)))))
	}
	return chi
}

func ripeti(s string, n int) []string { return slices.Repeat([]string{s}, n) }

func TestAFileOfOperatorsIsAppliedWholeAndOnce(t *testing.T) {
	u := nuovoSportello(t)
	righe := []modulo.Riga{riga(t, 0), riga(t, 1), riga(t, 2)}
	doppia := riga(t, 2, "ruolo", "Coordinatore PaIS", "comuni", "", "fondo", "")
	doppia.Numero = 9
	m, st := u.manda(t, "a", append(righe, doppia)...)
	want := massivo.Esiti{Registrati: 3, Accreditati: 4}
	if st.Stato != massivo.Verificato || st.Esiti != want || !st.Scade.Equal(mezzogiorno.Add(24*time.Hour)) {
		t.Fatalf("%+v", st)
	}
	if diff := cmp.Diff(ripeti("false 0", 3), u.persone(t, 3)); diff != "" {
		t.Fatal("the check did something", diff)
	}
	if st := u.applica(t, m); st.Stato != massivo.Applicato || st.Esiti != want {
		t.Fatalf("%+v", st)
	}
	if diff := cmp.Diff([]string{"true 1", "true 1", "true 2"}, u.persone(t, 3)); diff != "" {
		t.Error(diff)
	}
	if len(u.cassetto.file) != 0 {
		t.Error("the file is kept though nobody needs it")
	}
	o := u.OperatoreDi(righe[0].Cella(modulo.CodiceFiscale))
	prima, scritti := u.letti(t, "operatore-"+o.String()), 0
	for _, r := range prima {
		if acc, is := r.Event.(operatore.Accreditato); is && (r.Meta.Attore != u.chi.ID || r.Meta.Ruolo != domain.AmministratoreAmbito || r.Meta.Canale != domain.Batch ||
			acc.Richiesta != (operatore.Richiesta{Protocollo: "2026/1", Data: giorno.Data(2026, 2, 1)}) || acc.Fondo != "PON" || acc.Dal != giorno.Di(mezzogiorno)) {
			t.Errorf("%+v %+v", acc, r.Meta)
		}
	}
	// The same file, another day: nothing.
	u.prima = func(stream string, _ []domain.Event) error {
		if stream[:9] == "operatore" {
			scritti++
		}
		return nil
	}
	m, st = u.manda(t, "b", append(righe, doppia)...)
	if st.Esiti != (massivo.Esiti{Invariati: 4}) || u.applica(t, m).Stato != massivo.Applicato || scritti != 0 {
		t.Errorf("%+v, %d appends", st, scritti)
	}
	if err := u.porta(t.Context(), m); err != nil || scritti != 0 {
		t.Error(err, scritti)
	}
}

func TestAllBadRowsAreToldAtOnceAndNothingIsApplied(t *testing.T) {
	u := nuovoSportello(t)
	u.chi.ID = u.OperatoreDi(riga(t, 9).Cella(modulo.CodiceFiscale)).UUID
	altrove := u.OperatoreDi(riga(t, 5).Cella(modulo.CodiceFiscale))
	u.scrive(t, "operatore-"+altrove.String(), nota, operatore.Accreditato{Accreditamento: id.New[id.Accreditamento](), Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: "AG01"}, Dal: 1})
	due := riga(t, 0, "email", "altra@example.org")
	due.Numero = 20
	m, st := u.manda(t, "a", riga(t, 0), riga(t, 1, "genere", "X", "data_nascita", "2/1/80", "comuni", "Roma"), riga(t, 2, "codice_fiscale", "VRDNNA80A03G273A"),
		riga(t, 3, "ambito", "AG01"), riga(t, 4, "ruolo", "Auditor"), riga(t, 5), riga(t, 6, "ruolo", "Coordinatore controlli anagrafici", "comuni", "", "fondo", ""),
		riga(t, 7, "cognome", "ROSSI"), riga(t, 8, "richiesta_protocollo", ""), riga(t, 9), due)
	var got []string
	for _, e := range st.Errori {
		got = append(got, fmt.Sprint(e.Riga, " ", e.Campo, " ", e.Codice))
		if e.Suggerimento == "" {
			t.Errorf("%+v says nothing", e)
		}
	}
	want := []string{
		"3 data_nascita modulo.anno_a_due_cifre", "3 genere modulo.genere_non_valido", "3 comuni modulo.comune_sconosciuto", "4 codice_fiscale codicefiscale.controllo",
		"5  accreditamento.non_consentito", "6 ruolo modulo.ruolo_sconosciuto", "7 ambito accreditamento.altro_ambito", "8 comuni accreditamento.comune_mancante",
		"9 cognome operatore.codice_divergente", "10 richiesta_protocollo modulo.campo_mancante", "11  accreditamento.proprio", "20 codice_fiscale massivo.persona_diversa",
	}
	if diff := cmp.Diff(want, got); diff != "" || st.Stato != massivo.Errato || st.Errate != 10 || st.Righe != 11 {
		t.Errorf("%s %s %d", diff, st.Stato, st.Errate)
	}
	if _, err := u.AvviaOperatori(t.Context(), u.richiesta("x"), m); !errors.Is(err, massivo.ErrErrato) {
		t.Error(err)
	}
	if diff := cmp.Diff(ripeti("false 0", 5), u.persone(t, 5)); diff != "" {
		t.Error(diff)
	}
	vicino := u.chi
	vicino.Territorio.Ambito = "AG01"
	if _, err := u.MassivoOperatori(t.Context(), vicino, m); !errors.Is(err, massivo.ErrInesistente) {
		t.Error("an amministratore of another ambito sees the file:", err)
	}
}

// TestARowIsHeldToWhatComuniSigned sends people of a comune that has not signed,
// and one who was known before all was asked (ACC-05, ACC-06, ACC-27).
func TestARowIsHeldToWhatComuniSigned(t *testing.T) {
	u := nuovoSportello(t)
	u.scrive(t, "ambito-PA42", ambito.ComuneAssociato{Comune: "A089"})
	vecchia := nota
	vecchia.Genere = ""
	u.scrive(t, "operatore-"+u.OperatoreDi(riga(t, 2).Cella(modulo.CodiceFiscale)).String(), vecchia)
	righe := []modulo.Riga{riga(t, 0), riga(t, 1, "comuni", "G273; A089"), riga(t, 2), riga(t, 3, "comuni", ""), riga(t, 4, "richiesta_data", "")}
	m, st := u.manda(t, "a", righe...)
	var got []string
	for _, e := range st.Errori {
		got = append(got, fmt.Sprint(e.Riga, " ", e.Campo, " ", e.Codice))
		if modulo.Rimedio(e) == e.Suggerimento {
			t.Errorf("%s says nothing in Italian", e.Codice)
		}
	}
	want := []string{"3 comuni accreditamento.convenzione_mancante", "4 genere accreditamento.dati_incompleti", "5 comuni accreditamento.convenzione_mancante", "6 richiesta_data modulo.campo_mancante"}
	if diff := cmp.Diff(want, got); diff != "" || st.Stato != massivo.Errato {
		t.Error(diff, st.Stato)
	}
	if _, err := u.AvviaOperatori(t.Context(), u.richiesta("x"), m); !errors.Is(err, massivo.ErrErrato) {
		t.Error(err)
	}
	u.scrive(t, "ambito-PA42", convenzione("A089"))
	if m, st = u.manda(t, "b", righe[0], righe[1], righe[3]); st.Stato != massivo.Verificato || u.applica(t, m).Stato != massivo.Applicato {
		t.Errorf("%+v", st.Errori)
	}
}

var errSpento = errors.New("the power went")

// TestAnApplicationThatIsKilledAnywhereGoesOn kills it before each of its
// appends in turn (F-67).
func TestAnApplicationThatIsKilledAnywhereGoesOn(t *testing.T) {
	for quando := 1; ; quando++ {
		u := nuovoSportello(t)
		m, _ := u.manda(t, "a", riga(t, 0), riga(t, 1), riga(t, 2))
		if _, err := u.AvviaOperatori(t.Context(), u.richiesta("avvia"), m); err != nil {
			t.Fatal(err)
		}
		finita := u.muore(t, m, quando)
		if err := u.porta(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ripeti("true 1", 3), u.persone(t, 3)); diff != "" || u.stato(t, m).Stato != massivo.Applicato {
			t.Fatalf("killed at append %d: %s %s", quando, diff, u.stato(t, m).Stato)
		}
		if finita {
			if quando != 8 { // two of each row, and the end
				t.Errorf("%d appends", quando-1)
			}
			break
		}
	}
}

// muore carries the application on until its n-th append, at which the program
// dies. It reports whether the application had fewer.
func (u *sportello) muore(t *testing.T, m id.Massivo, n int) (finita bool) {
	t.Helper()
	ctx, muori := context.WithCancel(t.Context())
	defer muori()
	visti := 0
	u.prima = func(string, []domain.Event) error {
		if visti++; visti >= n {
			muori()
			return errSpento
		}
		return nil
	}
	err := u.porta(ctx, m)
	u.prima = nil
	if finita = visti < n; finita != (err == nil) {
		t.Fatalf("killed at append %d: %v", n, err)
	}
	return finita
}

// TestARowThatIsRefusedAfterAllTakesTheOthersBack has somebody else accredit a
// person of the file elsewhere, at each moment of the application.
func TestARowThatIsRefusedAfterAllTakesTheOthersBack(t *testing.T) {
	altrove := operatore.Accreditato{Accreditamento: id.New[id.Accreditamento](), Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: "AG01"}, Dal: 1}
	for morte := 0; ; morte++ { // and then lets it die while it takes back
		u := nuovoSportello(t)
		prima := u.OperatoreDi(riga(t, 1).Cella(modulo.CodiceFiscale))
		u.scrive(t, "operatore-"+prima.String(), nota) // known before the file
		m, _ := u.manda(t, "a", riga(t, 0), riga(t, 1), riga(t, 2), riga(t, 3))
		if _, err := u.AvviaOperatori(t.Context(), u.richiesta("avvia"), m); err != nil {
			t.Fatal(err)
		}
		terza := u.OperatoreDi(riga(t, 2).Cella(modulo.CodiceFiscale))
		u.scrive(t, "operatore-"+terza.String(), nota, altrove)
		finita := true
		if morte > 0 {
			finita = u.muore(t, m, morte)
		}
		if err := u.porta(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		st := u.stato(t, m)
		if len(st.Errori) != 1 || st.Errori[0].Riga != 4 || st.Errori[0].Codice != "accreditamento.altro_ambito" || st.Stato != massivo.Respinto {
			t.Fatalf("killed at append %d: %+v", morte, st)
		}
		if diff := cmp.Diff([]string{"false 0", "true 0", "true 1", "false 0"}, u.persone(t, 4)); diff != "" {
			t.Fatalf("killed at append %d: %s", morte, diff)
		}
		if _, err := u.AvviaOperatori(t.Context(), u.richiesta("ancora"), m); !errors.Is(err, massivo.ErrRespinto) {
			t.Fatal(err)
		}
		if morte > 0 && finita {
			break
		}
	}
}

func TestWhatChangedSinceTheCheckStopsAFileBeforeItBegins(t *testing.T) {
	u := nuovoSportello(t)
	m, _ := u.manda(t, "a", riga(t, 0), riga(t, 1))
	seconda := u.OperatoreDi(riga(t, 1).Cella(modulo.CodiceFiscale))
	u.scrive(t, "operatore-"+seconda.String(), nota,
		operatore.Accreditato{Accreditamento: id.New[id.Accreditamento](), Ruolo: domain.AmministratoreAmbito, Territorio: domain.Territorio{Ambito: "PA42"}, Dal: 1})
	st := u.applica(t, m)
	if st.Stato != massivo.Respinto || len(st.Errori) != 1 || st.Errori[0].Codice != "accreditamento.incompatibile" {
		t.Errorf("%+v", st)
	}
	if diff := cmp.Diff([]string{"false 0", "true 1"}, u.persone(t, 2)); diff != "" {
		t.Error(diff)
	}
}

func TestAFileThatIsNotKeptAnyLongerIsNotApplied(t *testing.T) {
	u := nuovoSportello(t)
	m, _ := u.manda(t, "a", riga(t, 0))
	tardi := u.richiesta("tardi")
	tardi.Adesso = mezzogiorno.Add(24*time.Hour + time.Second)
	if _, err := u.AvviaOperatori(t.Context(), tardi, m); !errors.Is(err, massivo.ErrScaduto) {
		t.Error(err)
	}
	clear(u.cassetto.file)
	if _, err := u.AvviaOperatori(t.Context(), u.richiesta("ora"), m); !errors.Is(err, massivo.ErrScaduto) {
		t.Error(err)
	}
	if err := u.ErroriOperatori(t.Context(), u.chi, m, io.Discard); !errors.Is(err, massivo.ErrScaduto) {
		t.Error(err)
	}
	_, altra := u.ControllaOperatori(t.Context(), u.richiesta("manda"), m, []byte("[]"))
	if !errors.Is(altra, commands.ErrChiaveRiusata) {
		t.Error(altra)
	}
}
