package httpapi

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/domain/operatore"
	"nucleo/eventstore/keytest"
	"nucleo/eventstore/memory"
	"nucleo/httpapi/auth"
	"nucleo/internal/catalogo"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
	"nucleo/projections/ambiti"
)

// mattina is when the tests begin.
var mattina = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)

// impianto is an installation: two ambiti, people of every role, cases, and
// the API before them, over a store in memory and a real database.
type impianto struct {
	*API
	store  *memory.Store
	server *httptest.Server
	log    *registro
	rotte  *mux.Router
	key    *ecdsa.PrivateKey
	dopo   atomic.Int64 // nanoseconds since mattina
	pause  atomic.Int64 // nanoseconds for which the last answer was to be held back
	ultima atomic.Uint64
}

// guasto is a store that can be broken.
type guasto struct {
	commands.Store
	read func(ctx context.Context, stream string) error
}

// registro keeps the log as text.
type registro struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *registro) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *registro) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

type territori struct{ pool *pgxpool.Pool }

func (t territori) AmbitoDi(ctx context.Context, comune string) (string, bool, error) {
	return ambiti.Di(ctx, t.pool, comune)
}

type attesa struct{ motore *projections.Engine }

func (a attesa) Attendi(ctx context.Context, position uint64) error {
	return a.motore.Wait(ctx, position, catalogo.Modelli...)
}

// benessere is how the parts do in tests: they say what they are told.
type benessere struct{ parti []Parte }

func (b *benessere) Pronto(context.Context) error {
	for _, p := range b.parti {
		if !p.Bene {
			return fmt.Errorf("%s is down at 10.0.0.1", p.Nome)
		}
	}
	return nil
}

func (b *benessere) Stato(context.Context) []Parte { return b.parti }

// deposito takes files in and forgets them.
type deposito struct{ comandi *commands.Service }

func (d deposito) Deposita(ctx context.Context, i id.Importazione, f FileRicevuto) (commands.Importazione, error) {
	return d.comandi.RiceviFile(ctx, f.Richiesta, i, importazione.Ricevuta{Tipo: f.Tipo, Formato: f.Formato, SaltaErrate: f.SaltaErrate, Impronta: domain.Digest{1}, Byte: 1})
}

func (i *impianto) adesso() time.Time { return mattina.Add(time.Duration(i.dopo.Load())) }

// nuovo makes an impianto, whose log must not name anybody when it ends.
func nuovo(t *testing.T, cambia ...func(*impianto)) *impianto {
	t.Helper()
	t.Parallel()
	i := &impianto{store: memory.Sealed(catalogo.Eventi, keytest.Keys()), log: &registro{}}
	log := slog.New(slog.NewJSONHandler(i.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ctx, stop := context.WithCancel(context.Background())
	pool, err := projections.Open(ctx, pgtest.Database(t), catalogo.Modelli)
	if err != nil {
		t.Fatal(err)
	}
	motore := projections.NewEngine(pool, projections.Origin{Source: i.store, Catalog: catalogo.Eventi}, slog.New(slog.DiscardHandler), catalogo.Modelli...)
	done := make(chan error)
	go func() { done <- motore.Run(ctx) }()
	if i.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	verifica, err := auth.New(ctx, auth.Config{
		Issuer: "https://issuer.example", Audience: "nucleo", Programmi: []string{"sistema-inps"}, Now: i.adesso, Log: log,
		Keys: &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.key.PublicKey, KeyID: "k", Algorithm: string(jose.ES256), Use: "sig"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	segreto := []byte("a secret of thirty-two bytes, as")
	comandi := &commands.Service{Store: i.store, Territori: territori{pool}, Segreto: segreto, Zona: time.UTC, Canali: []caso.CanaleComunicazione{caso.EMAIL}}
	i.API = &API{
		Comandi: comandi, Lettura: pool, Verifica: verifica, Attesa: attesa{motore}, Importazioni: deposito{comandi},
		Salute: &benessere{[]Parte{{Nome: "archivio", Bene: true}}}, Metriche: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; version=0.0.4")
			_, _ = w.Write([]byte("up 1\n"))
		}),
		Segreto: segreto, Adesso: i.adesso, Zona: time.UTC, Log: log, Versione: "test",
	}
	i.Pausa = func(d time.Duration) { i.pause.Store(int64(d)) }
	comandi.Fogli, comandi.Custodia, i.Accreditatore = fogli{}, &cassetto{file: map[id.Massivo][]byte{}}, accreditatore{i}
	var replica atomic.Int64
	accessi := &commands.Registro{Store: i.store, Adesso: i.adesso, Zona: time.UTC, Replica: func() string { return fmt.Sprintf("%08x", replica.Add(1)) }}
	i.Registro = accessi
	i.Sigilli = sigillati{}
	i.Fascicoli = fascicoli{}
	i.Passati = projections.NuoviPassati(projections.PassatiConfig{Adesso: i.adesso, Massimo: 3}) // which nobody runs
	comandi.Fotografo, i.Distributore = fotografo{i}, &distributore{i: i}
	for _, c := range cambia {
		c(i)
	}
	i.popola(t)
	handler, err := i.Handler()
	if err != nil {
		t.Fatal(err)
	}
	i.server = httptest.NewUnstartedServer(handler)
	i.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	i.server.Config.DisableGeneralOptionsHandler = true
	i.server.Start()
	i.rotte = mux.NewRouter().UseEncodedPath().SkipClean(true)
	for _, r := range routes {
		i.rotte.Path(r.pattern()).Methods(r.method, strings.Replace(r.method, "GET", "HEAD", 1)).Name(r.name())
	}
	t.Cleanup(func() {
		i.server.Close()
		accessi.Chiudi()
		stop()
		<-done
		pool.Close()
		i.controllaLog(t)
	})
	return i
}

// canarini are the personal data that tests use. No log may hold any.
var canarini = []string{
	"ROVERESI", "CANARINA", "VIA DEL CANARINO", "CNRBGI", "RVRCRN", "PINGUINI", "motivo-canarino", "Zafferani", "ZFF", "eyJhbGci",
}

func (i *impianto) controllaLog(t *testing.T) {
	testo := strings.ToUpper(i.log.String())
	for _, c := range canarini {
		if strings.Contains(testo, strings.ToUpper(c)) {
			t.Errorf("the log holds %q", c)
		}
	}
	if testo == "" {
		t.Error("nothing was logged")
	}
	for riga := range strings.Lines(i.log.String()) {
		if t.Failed() && strings.Contains(riga, `"ERROR"`) {
			t.Log(riga)
		}
	}
}

// chi is a person of the tests.
type chi struct {
	nome, codice string
	id           id.Operatore
	token        string
}

// nascita is a day of birth of a person of the tests.
func nascita(nome string) giorno.Giorno {
	h := fnv.New32a()
	_, _ = h.Write([]byte(nome))
	n := int(h.Sum32() % 10_000)
	return giorno.Data(1940+n%60, 1+n/60%12, 1+n/720)
}

// codiceDi is the codice fiscale of a person of the tests.
func codiceDi(nome string) string {
	anno, mese, g := nascita(nome).Time().Date()
	c, err := codicefiscale.Calcola("ZAFFERANI", nome, anno, int(mese), g, "F", "G273")
	if err != nil {
		panic(err)
	}
	return string(c)
}

// operatrice is a person of the tests, of whom all is known.
func operatrice(nome string) operatore.Registrato {
	return operatore.Registrato{
		CodiceFiscale: codiceDi(nome), Cognome: "Zafferani", Nome: nome, DataNascita: nascita(nome), ComuneNascita: "G273",
		Genere: "F", Email: "zafferani@ambito.example", Telefono: "091 5550100",
	}
}

// chi is a person, with a token.
func (i *impianto) chi(nome string) chi {
	codice := codiceDi(nome)
	return chi{nome, codice, i.Comandi.OperatoreDi(codice), i.token(map[string]any{"sub": "s-" + nome, auth.ClaimEID: "TINIT-" + codice, "acr": auth.SpidL2, "auth_time": i.adesso().Unix()})}
}

func (i *impianto) inps() chi {
	return chi{nome: "sistema-inps", token: i.token(map[string]any{"sub": "sistema-inps"})}
}

func (i *impianto) token(claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: i.key, KeyID: "k"}}, nil)
	if err != nil {
		panic(err)
	}
	base := map[string]any{"iss": "https://issuer.example", "aud": "nucleo", "iat": i.adesso().Unix(), "exp": i.adesso().Add(24 * time.Hour).Unix()}
	s, err := jwt.Signed(signer).Claims(base).Claims(claims).Serialize()
	if err != nil {
		panic(err)
	}
	return s
}

// richiesta is a request of the commands, by a program.
func (i *impianto) richiesta(a domain.Attore) commands.Request {
	return commands.Request{Comando: uuid.New(), Impronta: "x", Attore: a, Canale: domain.Sistema, Adesso: i.adesso()}
}

var (
	palermo = domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}
	trabia  = domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}
	intero  = domain.Territorio{Ambito: "PA42"}
	altrove = domain.Territorio{Ambito: "AG01"}
	ovunque domain.Territorio
)

// popola fills the installation with people and cases.
func (i *impianto) popola(t *testing.T) {
	t.Helper()
	i.costruito(t) // commands ask the read models
	for codice, comuni := range map[string][]string{"PA42": {"G273", "F377"}, "AG01": {"A089"}} {
		e, err := i.Comandi.CreaAmbito(t.Context(), i.richiesta(domain.Installatore), ambito.Crea{Codice: codice, Denominazione: "Distretto " + codice, Regione: "Sicilia"})
		i.nota(t, e.Posizione, err)
		i.aggiornato(t)
		e, err = i.Comandi.AssociaComuni(t.Context(), i.richiesta(domain.Installatore), codice, comuni)
		i.nota(t, e.Posizione, err)
		e, err = i.Comandi.RegistraDelega(t.Context(), i.richiesta(domain.Installatore), codice, ambito.RegistraDelega{Comuni: comuni[:1], Data: giorno.Data(2026, 1, 1), Atto: "1", PEC: "a@example.org"})
		i.nota(t, e.Posizione, err)
		for _, comune := range comuni {
			e, err = i.Comandi.SottoscriviConvenzione(t.Context(), i.richiesta(domain.Installatore), codice, ambito.SottoscriviConvenzione{
				Comune: comune, Data: giorno.Data(2026, 1, 1), Firmatario: "PINGUINI", Qualifica: ambito.Sindaco,
			})
			i.nota(t, e.Posizione, err)
		}
	}
	i.accredita(t, "SUPER", domain.SuperUtente, ovunque, "")
	i.accredita(t, "AMMINISTRA", domain.AmministratoreAmbito, intero, "")
	i.accredita(t, "CARLA", domain.CoordinatorePaIS, palermo, "")
	i.accredita(t, "DARIA", domain.CoordinatorePaIS, trabia, "")
	i.accredita(t, "ELENA", domain.CoordinatorePaIS, altrove, "")
	i.accredita(t, "ANNA", domain.CaseManager, palermo, "PON")
	i.accredita(t, "BRUNA", domain.CaseManager, intero, "")
	i.accredita(t, "LONTANA", domain.CaseManager, altrove, "")
	i.accredita(t, "REVISORA", domain.Auditor, ovunque, "")
	i.accredita(t, "DOPPIA", domain.CoordinatorePaIS, palermo, "")
	i.accredita(t, "DOPPIA", domain.CaseManager, palermo, "")
	for n, comune := range []string{"G273", "G273", "G273", "F377"} {
		i.domanda(t, n+1, comune, mattina.AddDate(0, 0, -70+n*20))
	}
	i.aggiornato(t)
}

func (i *impianto) nota(t *testing.T, position uint64, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	i.ultima.Store(max(i.ultima.Load(), position))
}

// aggiornato waits until the lists show all that the tests wrote.
func (i *impianto) aggiornato(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	end, err := i.store.End(ctx)
	if err == nil {
		err = i.Attesa.Attendi(ctx, end)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// costruito waits until the tables of the ambiti are there.
func (i *impianto) costruito(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(20 * time.Second); ; <-tick.C {
		var built bool
		if err := i.Lettura.QueryRow(t.Context(), `SELECT to_regclass('comuni') IS NOT NULL`).Scan(&built); err != nil || time.Now().After(limit) {
			t.Fatal("the read models are not built: ", err)
		}
		if built {
			return
		}
	}
}

func (i *impianto) accredita(t *testing.T, nome string, ruolo domain.Ruolo, dove domain.Territorio, fondo string) id.Accreditamento {
	t.Helper()
	o, e, err := i.Comandi.RegistraOperatore(t.Context(), i.richiesta(domain.Installatore), operatore.Registra{Dati: operatrice(nome)})
	i.nota(t, e.Posizione, err)
	e, err = i.Comandi.AccreditaRuolo(t.Context(), i.richiesta(domain.Installatore), o, operatore.Accredita{
		Ruolo: ruolo, Territorio: dove, Fondo: fondo, Dal: giorno.Data(2026, 1, 1),
		Richiesta: operatore.Richiesta{Protocollo: "2026/117", Data: giorno.Data(2026, 1, 1), NotaPEC: "2026/98", Documento: "CI CA12345AB"},
	})
	i.nota(t, e.Posizione, err)
	return e.Stato.Accreditamenti[len(e.Stato.Accreditamenti)-1].ID
}

// idDomanda is that of the n-th domanda.
func idDomanda(n int) string { return fmt.Sprintf("INPS-RDC-2026-%d", n) }

// casoN is the case of the n-th domanda.
func casoN(n int) id.Caso { return id.CasoDi(idDomanda(n)) }

func (i *impianto) domanda(t *testing.T, n int, comune string, presentata time.Time) {
	t.Helper()
	biagia := codice(t, "CANARINA", "BIAGIA", 1980)
	figlio := codice(t, "ROVERESI", "CARINO", 2015)
	e, err := i.Comandi.RiceviDomanda(t.Context(), i.richiesta(domain.INPS), caso.RiceviDomanda{Domanda: caso.DomandaRicevuta{
		IDDomanda: idDomanda(n), Misura: caso.RDC, DataPresentazione: giorno.Di(presentata), DataTrasmissioneComune: giorno.Di(presentata), Ambito: ambitoDi(comune), Comune: comune,
		Indirizzo: caso.Indirizzo{Via: "VIA DEL CANARINO", Civico: "14", CAP: "90121", Comune: comune}, ISEE: 512300,
		Componenti: []caso.Componente{
			{CodiceFiscale: biagia, Cognome: "CANARINA", Nome: "BIAGIA", Sesso: "F", DataNascita: giorno.Data(1980, 1, 1), ComuneNascita: "G273", Relazione: caso.Richiedente, Recapiti: caso.Recapiti{Email: "pinguini@example.org"}},
			{CodiceFiscale: figlio, Cognome: "ROVERESI", Nome: "CARINO", Sesso: "F", DataNascita: giorno.Data(2015, 1, 1), ComuneNascita: "G273", Relazione: "FIGLIO"},
		},
	}})
	i.nota(t, e.Posizione, err)
}

func codice(t *testing.T, cognome, nome string, anno int) string {
	c, err := codicefiscale.Calcola(cognome, nome, anno, 1, 1, "F", "G273")
	if err != nil {
		t.Fatal(err)
	}
	return string(c)
}

// risposta is an answer that was held to the contract.
type risposta struct {
	status int
	header http.Header
	body   string
}

// campo reads a field of the answer by its path.
func (r risposta) campo(path ...string) any {
	var v any
	d := json.NewDecoder(strings.NewReader(r.body))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	for _, p := range path {
		switch di := v.(type) {
		case map[string]any:
			v = di[p]
		case []any:
			var n int
			if _, err := fmt.Sscan(p, &n); err != nil || n >= len(di) {
				return nil
			}
			v = di[n]
		default:
			return nil
		}
	}
	return v
}

func (r risposta) codice() string { return fmt.Sprint(r.campo("codice")) }

func (s *guasto) guasta(ctx context.Context, stream string) error {
	if s.read == nil {
		return nil
	}
	return s.read(ctx, stream)
}
