package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
)

// F-01, R-14: the program is killed at any moment, also while it starts, while
// files are imported and coordinators work. Whatever it acknowledged is there
// afterwards, once; what it had begun goes on; and the lists are what the log says.
func TestWhateverTheMomentOfAKillNothingIsLostAndNothingHappensTwice(t *testing.T) {
	cicli := 20
	if lungo() {
		cicli = 200
	}
	dir, porta := cartellaDemo(t), portaLibera(t)
	p := demoIn(t, dir, nil, "--solo-domande", "--casi", "900", "--seed", "5", "--addr", porta)
	co, inps := p.chi("COORDINATORE_PAIS").Token, p.chi("SISTEMA_INPS").Token
	trasferiti := p.daTrasferire(t, co, daSpostare)
	squadra := p.lavorano(8, co, p.pratiche(co, 200, ""))
	invii := p.spedisce(inps, trasferiti)

	caso := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for ciclo := range cicli {
		p.uccidi()
		p = lancia(t, dir, nil, "--addr", porta)
		prima := squadra.confermati()
		if ciclo%2 == 0 { // at work
			finche(t, time.Minute, "the coordinators go on after a kill\n"+p.coda(), func() bool { return squadra.confermati() > prima })
		}
		<-time.After(time.Duration(caso.IntN(1200)) * time.Millisecond) // the moment of the kill
	}
	p.uccidi()
	p = demoIn(t, dir, nil, "--addr", porta)
	squadra.basta()
	invii.basta()

	log := leggiStorico(t, dir, "")
	log.unaVolta(t)
	confermati, perduti, doppi := log.hanno(t, squadra.pratiche)
	domande := invii.controlla(t, log)
	metrica(t, "kill", "cycles=", cicli, " acked=", confermati, " lost=", perduti, " duplicated=", doppi, " files=", len(invii.file), " domande=", domande)
	for _, m := range []string{"casi", "cronologia", "carico", "operatori", "ambiti"} {
		if out, err := verbo(t, dir, "projections", "verify", m); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	if err := p.ferma(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, p.coda())
	}
	if out, err := verbo(t, dir, "verifica", "--tutto"); err != nil || !strings.Contains(out, "as it was written") {
		t.Error(out, err)
	}
}

// A directory that a first start was killed in can be started in again.
func TestAKillDuringTheFirstStartLeavesADirectoryThatStarts(t *testing.T) {
	cicli := 2
	if lungo() {
		cicli = 40
	}
	for range cicli {
		dir := cartellaDemo(t)
		p := lancia(t, dir, nil, "--casi", "60")
		<-time.After(time.Duration(rand.IntN(3000)) * time.Millisecond) // the moment of the kill
		p.uccidi()
		p = demoIn(t, dir, nil, "--casi", "60")
		if err := p.ferma(); err != nil {
			t.Errorf("%v\n%s", err, p.coda())
		}
	}
}

// portaLibera is an address that nobody is given by chance while the program
// is down.
func portaLibera(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000))
		if l, err := net.Listen("tcp", addr); err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// daTrasferire assigns cases of Palermo to case managers who do not work in
// the comune to which they will move: the transfer then takes two events.
func (p *programma) daTrasferire(t *testing.T, token string, n int) []*pratica {
	t.Helper()
	vicini := p.idonei(token, altrove)
	prese := p.pratiche(token, n, genera.Palermo().Comuni[0])
	soli := slices.DeleteFunc(slices.Clone(prese[0].idonei), func(cm string) bool { return slices.Contains(vicini, cm) })
	if len(soli) == 0 {
		t.Fatal("every case manager of Palermo works elsewhere too")
	}
	for k, q := range prese {
		p.vuole(201, chiamata{
			token: token, method: "POST", path: "/casi/" + q.ID + "/assegnazioni", etag: q.ETag, chiave: "prima-" + q.ID, prefer: "wait=10", // the queue is read next
			corpo: fmt.Sprintf(`{"case_manager_id":%q}`, soli[k%len(soli)]),
		})
	}
	return prese
}

// altrove is another comune of the ambito.
var altrove = genera.Palermo().Comuni[1]

// invii is sistema-inps, which sends one file after the other, each until it
// has been taken in.
type invii struct {
	*programma
	token      string
	trasferiti []*pratica
	fine       chan struct{}
	lascia     atomic.Bool // the test is over
	al         sync.WaitGroup
	file       []importata // completed
	attesi     []int       // rows of each
	seme       int64
	oggi       giorno.Giorno
}

const (
	righeFile  = 1500
	daSpostare = 200 // cases
)

func (p *programma) spedisce(token string, trasferiti []*pratica) *invii {
	s := &invii{programma: p, token: token, trasferiti: trasferiti, fine: make(chan struct{}), seme: 100, oggi: giorno.Di(time.Now().In(roma))}
	s.al.Go(func() {
		for s.continua() || len(s.trasferiti) > 0 {
			if n := min(len(s.trasferiti), 100); n > 0 {
				s.manda("variazioni", variazioni(s.trasferiti[:n]))
				s.trasferiti = s.trasferiti[n:]
			}
			s.manda("domande", s.domande())
		}
	})
	p.t.Cleanup(func() { s.lascia.Store(true); s.basta() })
	return s
}

func (s *invii) continua() bool {
	select {
	case <-s.fine:
		return false
	default:
		return true
	}
}

func (s *invii) basta() {
	if s.continua() {
		close(s.fine)
	}
	s.al.Wait()
}

func (s *invii) domande() string {
	var b bytes.Buffer
	s.seme++
	if err := tracciato.Scrivi(&b, importazione.NDJSON, genera.Domande(righeFile, s.seme, s.oggi, genera.Palermo())); err != nil {
		s.t.Error(err)
	}
	return b.String()
}

// variazioni move cases to another comune of the ambito.
func variazioni(quali []*pratica) string {
	var b bytes.Buffer
	_ = tracciato.ScriviVariazioni(&b, func(yield func(tracciato.Variazione) bool) {
		for k, q := range quali {
			if !yield(tracciato.Variazione{
				IDDomanda: q.IDDomanda, Tipo: tracciato.Trasferimento, DataDecorrenza: giorno.Di(time.Now().In(roma)) - 1,
				Comune: altrove, Via: "via di prova", Civico: fmt.Sprint(k), CAP: "90031",
			}) {
				return
			}
		}
	}) // a buffer takes all
	return b.String()
}

// manda sends a file under a key of its own until it is accepted, and waits
// for the end of its import, through whatever happens to the program.
func (s *invii) manda(tipo, corpo string) {
	c := chiamata{
		token: s.token, method: "POST", path: "/importazioni?tipo=" + tipo, corpo: corpo,
		formato: "application/x-ndjson", chiave: fmt.Sprintf("file-%d", len(s.file)),
	}
	righe := strings.Count(corpo, "\n")
	client := clienti(1)
	defer client.CloseIdleConnections()
	for limite := time.Now().Add(2 * time.Minute); time.Now().Before(limite) && !s.lascia.Load(); <-time.After(50 * time.Millisecond) {
		e := s.misura(client, c)
		var i importata
		switch {
		case e.err != nil || e.status == 503:
			continue
		case e.status != 202 && e.status != 200 || json.Unmarshal(e.corpo, &i) != nil:
			s.t.Errorf("%s = %d %s", c.path, e.status, e.corpo)
			return
		}
		c = chiamata{token: s.token, method: "GET", path: "/importazioni/" + i.ID}
		if i.Stato != importazione.InVerifica && i.Stato != importazione.InCorso {
			s.file, s.attesi = append(s.file, i), append(s.attesi, righe)
			return
		}
	}
	if !s.lascia.Load() {
		s.t.Errorf("file %d was not taken in", len(s.file))
	}
}

// controlla holds the files to what the log says, and returns how many domande
// came in them.
func (s *invii) controlla(t *testing.T, log storico) (domande int) {
	t.Helper()
	for k, i := range s.file {
		if i.Stato != importazione.Completata || i.Righe != s.attesi[k] || i.Esiti != (importazione.Conteggi{Nuove: s.attesi[k]}) {
			t.Errorf("file %d of %d rows: %+v", k, s.attesi[k], i)
		}
	}
	for seme := int64(101); seme <= s.seme; seme++ {
		for d := range genera.Domande(righeFile, seme, s.oggi, genera.Palermo()) {
			if eventi := senzaCalendario(log["caso-"+id.CasoDi(d.IDDomanda).String()]); len(eventi) != 1 {
				t.Errorf("%s has %d events, not one", d.IDDomanda, len(eventi))
			}
			domande++
		}
	}
	trasferiti := 0
	for stream, eventi := range log {
		for k, e := range eventi {
			if _, si := e.Event.(caso.Trasferito); !si {
				continue
			}
			trasferiti++
			if k+1 == len(eventi) || eventi[k+1].Meta.Comando != e.Meta.Comando || eventi[k+1].Type != (caso.Annullata{}).EventType() {
				t.Errorf("%s was moved, and its case manager kept", stream)
			}
		}
	}
	if trasferiti != daSpostare {
		t.Errorf("%d cases were moved, not %d", trasferiti, daSpostare)
	}
	return domande
}
