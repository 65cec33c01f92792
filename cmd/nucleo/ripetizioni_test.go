package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
	"nucleo/domain/operatore"
	"nucleo/internal/postgres/pgtest"
)

// F-60, R-12: sixteen clients give one case to sixteen case managers, all of
// them having seen it free. One wins, and the others are told.
func TestOfSixteenWhoRaceForACaseOneWinsAndTheOthersAreTold(t *testing.T) {
	gare, daUnaCartella := 30, 30
	if lungo() {
		gare, daUnaCartella = 2000, 500
	}
	conflitti := map[string]int{}
	for fatte := 0; fatte < gare; fatte += daUnaCartella {
		p := demoIn(t, cartellaDemo(t), conPostgres(t), "--solo-domande", "--casi", fmt.Sprint(4*daUnaCartella), "--seed", fmt.Sprint(11+fatte))
		co := p.chi("COORDINATORE_PAIS").Token
		client := clienti(16)
		for _, q := range p.pratiche(co, daUnaCartella, genera.Palermo().Comuni[0]) {
			for codice, n := range p.gara(t, client, co, q) {
				conflitti[codice] += n
			}
		}
		client.CloseIdleConnections()
		log := leggiStorico(t, p.dir, "")
		log.unaVolta(t)
		if err := p.ferma(); err != nil {
			t.Error(err)
		}
	}
	metrica(t, "races", "cases=", gare, " clients=16 losers=", conflitti)
}

// conPostgres are the settings of databases of its own on the server that tests share.
func conPostgres(t *testing.T) []string {
	return []string{"NUCLEO_POSTGRES=" + pgtest.Database(t), "NUCLEO_CHIAVI=" + pgtest.Database(t)}
}

// gara lets sixteen race for a case, and returns what the losers were told.
func (p *programma) gara(t *testing.T, client *http.Client, token string, q *pratica) map[string]int {
	t.Helper()
	if len(q.idonei) < 16 {
		t.Fatalf("%d case managers may carry the case", len(q.idonei))
	}
	var pronti, al sync.WaitGroup
	via, esiti := make(chan struct{}), make([]esito, 16)
	pronti.Add(16)
	for k := range esiti {
		al.Go(func() {
			c := assegna(token, q.casoInLista, q.idonei[k])
			c.prefer = ""
			pronti.Done()
			<-via
			esiti[k] = p.misura(client, c)
		})
	}
	pronti.Wait()
	close(via)
	al.Wait()
	var vincitori []string
	persi := map[string]int{}
	for k, e := range esiti {
		switch {
		case e.status == 201:
			vincitori = append(vincitori, "assegnato a "+q.idonei[k])
		case e.status != 409 && e.status != 412, e.header.Get("Content-Type") != "application/problem+json":
			t.Errorf("a loser was told %d %s %v", e.status, e.corpo, e.err)
		case !slices.Contains([]string{"caso.gia_assegnato", "richiesta.precondizione_fallita"}, e.codice()):
			t.Errorf("a loser was told %s", e.corpo)
		}
		if e.status != 201 {
			persi[fmt.Sprint(e.status, " ", e.codice())]++
		}
	}
	letti := racconto(p.eventi(t, q.ID))
	if len(vincitori) != 1 || strings.Join(letti, "\n") != vincitori[0] {
		t.Errorf("%d winners: %v, and the case has %v", len(vincitori), vincitori, letti)
	}
	return persi
}

// R-11, F-68: a client whose connection is cut after so many bytes, in either
// direction, repeats each request under its key. Each has its effect once.
func TestRequestsRepeatedOverAConnectionThatIsCutHaveOneEffectEach(t *testing.T) {
	comandi := 150
	if lungo() {
		comandi = 10_000
	}
	p := demoIn(t, cartellaDemo(t), conPostgres(t), "--solo-domande", "--casi", "400", "--seed", "21")
	co, am, inps := p.chi("COORDINATORE_PAIS").Token, p.chi("AMMINISTRATORE_AMBITO").Token, p.chi("SISTEMA_INPS").Token
	cavo := taglia(t, p.Indirizzo)
	prima := leggiStorico(t, p.dir, "").tipi()
	r := &ripetente{programma: p, cavo: cavo}

	pratiche := p.pratiche(co, 20, "")
	persone := comandi / 50
	var al sync.WaitGroup
	for k := range 4 {
		al.Go(func() {
			for n := range (comandi - persone*5 + 3) / 4 {
				q := pratiche[k*5+n%5]
				c, fatto, tiene := q.prossima(co)
				if e, ok := r.ripeti(c, 201); ok {
					q.fatti, q.tiene, q.ETag = append(q.fatti, fatto), tiene, e.header.Get("ETag")
				}
			}
		})
	}
	al.Go(func() {
		for k := range persone {
			r.accredita(am, genera.Persone(int64(1000+k/24), genera.Palermo())[5+k%24])
		}
	})
	al.Go(func() { r.importa(inps) })
	al.Wait()

	log := leggiStorico(t, p.dir, "")
	log.unaVolta(t)
	confermati, perduti, doppi := log.hanno(t, pratiche)
	dopo := log.tipi()
	for tipo, want := range map[string]int{
		operatore.Registrato{}.EventType(): persone, operatore.Accreditato{}.EventType(): 2 * persone, operatore.Revocato{}.EventType(): 2 * persone,
		caso.DomandaRicevuta{}.EventType(): righeRipetute, importazione.Ricevuta{}.EventType(): 1, importazione.Conclusa{}.EventType(): 1,
	} {
		if got := dopo[tipo] - prima[tipo]; got != want {
			t.Errorf("%d events %s, not %d", got, tipo, want)
		}
	}
	if r.cavo.tagli.Load() == 0 || r.ripetute.Load() == 0 {
		t.Error("no connection was cut")
	}
	metrica(t, "repeats", "commands=", confermati+persone*5+1, " cuts=", r.cavo.tagli.Load(), " repeated=", r.ripetute.Load(), " lost=", perduti, " duplicated=", doppi)
	if err := p.ferma(); err != nil {
		t.Error(err)
	}
}

// righeRipetute is how many domande the import over the cut connection has.
const righeRipetute = 200

// ripetente is a client that tries a request up to five times: the last time
// over a connection that holds.
type ripetente struct {
	*programma
	cavo     *taglio
	ripetute atomic.Int64
}

// ripeti sends a request until its answer has come whole, which must have one status.
func (r *ripetente) ripeti(c chiamata, want int) (esito, bool) {
	c.chiave = cmp.Or(c.chiave, uuid.NewString())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for n := 1; ; n++ {
		via := *r.programma
		if n < 5 {
			via.Indirizzo = r.cavo.indirizzo
		}
		e := via.misura(client, c)
		switch {
		case e.err != nil && n < 5:
			r.ripetute.Add(1)
			continue
		case e.err == nil && e.status == 503 && e.header.Get("Retry-After") != "" && n < 5:
			continue
		case e.err != nil || e.status != want:
			r.t.Errorf("%s, tried %d times = %d %s %v", c.path, n, e.status, e.corpo, e.err)
			return e, false
		}
		return e, true
	}
}

// accredita registers a person, and accredits and revokes them twice.
func (r *ripetente) accredita(token string, chi genera.Persona) {
	var o, acc struct {
		ID string `json:"id"`
	}
	corpo, _ := json.Marshal(map[string]string{
		"codice_fiscale": chi.CodiceFiscale, "cognome": chi.Cognome, "nome": chi.Nome,
		"data_nascita": chi.DataNascita.String(), "comune_nascita": chi.ComuneNascita, "genere": chi.Sesso,
	})
	e, ok := r.ripeti(chiamata{token: token, method: "POST", path: "/operatori", corpo: string(corpo)}, 201)
	if !ok || json.Unmarshal(e.corpo, &o) != nil {
		return
	}
	for range 2 {
		path := "/operatori/" + o.ID + "/accreditamenti"
		e, ok := r.ripeti(chiamata{token: token, method: "POST", path: path, corpo: `{"ruolo":"CASE_MANAGER","ambito":"PA42","fondo":"PON","richiesta":{"protocollo":"1","data":"2024-01-10"}}`}, 201)
		if !ok || json.Unmarshal(e.corpo, &acc) != nil {
			return
		}
		r.ripeti(chiamata{token: token, method: "POST", path: path + "/" + acc.ID + "/revoche", corpo: `{"motivo":"fine incarico"}`}, 201)
	}
}

// importa sends a file, and waits for the end of its import.
func (r *ripetente) importa(token string) {
	var b bytes.Buffer
	if err := tracciato.Scrivi(&b, importazione.NDJSON, genera.Domande(righeRipetute, 77, giorno.Di(time.Now().In(roma)), genera.Palermo())); err != nil {
		r.t.Error(err)
	}
	c := chiamata{token: token, method: "POST", path: "/importazioni?tipo=domande", corpo: b.String(), formato: "application/x-ndjson", chiave: "il file"}
	var i importata
	for c.method == "POST" || i.Stato == importazione.InVerifica || i.Stato == importazione.InCorso {
		want := 200
		if c.method == "POST" {
			want = 202
		}
		e, ok := r.ripeti(c, want)
		if !ok || json.Unmarshal(e.corpo, &i) != nil {
			return
		}
		c = chiamata{token: token, method: "GET", path: "/importazioni/" + i.ID}
	}
	if i.Stato != importazione.Completata || i.Esiti != (importazione.Conteggi{Nuove: righeRipetute}) {
		r.t.Errorf("the import: %+v", i)
	}
}

// taglio passes bytes to a program and back, and cuts a connection after so
// many of them.
type taglio struct {
	indirizzo string
	verso     string
	l         net.Listener
	al        sync.WaitGroup
	tagli     atomic.Int64
	fine      context.Context
}

func taglia(t *testing.T, indirizzo string) *taglio {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fine, basta := context.WithCancel(context.Background())
	x := &taglio{indirizzo: "http://" + l.Addr().String(), verso: strings.TrimPrefix(indirizzo, "http://"), l: l, fine: fine}
	x.al.Go(x.accoglie)
	t.Cleanup(func() { basta(); _ = l.Close(); x.al.Wait() })
	return x
}

func (x *taglio) accoglie() {
	for {
		client, err := x.l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", x.verso)
		if err != nil {
			_ = client.Close()
			continue
		}
		chiudi := sync.OnceFunc(func() { _ = client.Close(); _ = server.Close() })
		context.AfterFunc(x.fine, chiudi)
		x.al.Go(func() { x.passa(server, client, chiudi) })
		x.al.Go(func() { x.passa(client, server, chiudi) })
	}
}

// passa copies up to so many bytes, then cuts both ways at once. Most requests
// and answers of this API are shorter than 2 KiB; files are longer, and are
// cut further on.
func (x *taglio) passa(a, da net.Conn, chiudi func()) {
	defer chiudi()
	quanti := int64(rand.IntN(3000))
	if rand.IntN(4) == 0 {
		quanti = int64(rand.IntN(400_000))
	}
	if _, err := io.CopyN(a, da, quanti); err == nil {
		x.tagli.Add(1)
	}
}
