package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// fronte is the server of the program, with its bounds, before a handler that
// reads what it is sent.
func fronte(t *testing.T, cambia func(*http.Server), limiti ...string) string {
	t.Helper()
	c, err := configFrom(limiti)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := c.server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			_, _ = io.WriteString(w, "ok")
		}
	}), slog.New(slog.DiscardHandler))
	if cambia != nil {
		cambia(s)
	}
	finito := make(chan error, 1)
	go func() { finito <- s.Serve(c.davanti(l)) }()
	t.Cleanup(func() {
		_ = s.Close()
		<-finito
	})
	return l.Addr().String()
}

// collega connects from an address of this machine.
func collega(ctx context.Context, da, a string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(da)}, Timeout: 10 * time.Second}
	return d.DialContext(ctx, "tcp", a)
}

// lente are ways to hold on to a connection: what is sent at first, and what
// drips after it.
var lente = []struct{ prima, goccia string }{
	{"", ""}, // idle
	{"GET /livez HTTP/1.1\r\nHost: a\r\nX-A: ", "a"},                                   // a header that never ends
	{"GET /livez HTTP/1.1\r\nHost: a\r\n", "X-A: b\r\n"},                               // headers that never end
	{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", " "},             // a body that never ends
	{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"}, // in pieces
}

// trattieni holds on to n connections, from as many addresses, until basta is
// called; those that the server closes are opened again. It returns once all
// were opened.
func trattieni(t *testing.T, a string, n, indirizzi int) (basta func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var tutte, aperte sync.WaitGroup
	aperte.Add(n)
	for k := range n {
		tutte.Go(func() {
			prima := sync.OnceFunc(aperte.Done)
			defer prima()
			for ctx.Err() == nil {
				gocciola(ctx, fmt.Sprintf("127.0.%d.2", 1+k%indirizzi), a, k%len(lente), prima)
			}
		})
	}
	aperte.Wait()
	return func() { stop(); tutte.Wait() }
}

func gocciola(ctx context.Context, da, a string, come int, aperta func()) {
	c, err := collega(ctx, da, a)
	if err != nil {
		return
	}
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	defer func() { _ = c.Close() }()
	_, err = io.WriteString(c, lente[come].prima)
	aperta()
	b := make([]byte, 1)
	for err == nil && ctx.Err() == nil {
		_ = c.SetReadDeadline(time.Now().Add(time.Second)) // a drop a second
		if _, letto := c.Read(b); letto == nil || !strings.Contains(letto.Error(), "timeout") {
			return // the server has had enough
		}
		_, err = io.WriteString(c, lente[come].goccia)
	}
}

// A thousand clients hold on to their connections, by every way there is, and
// one that does not is answered every time, within the deadline of its requests
// . How fast is printed: this machine runs the slow ones, too.
func TestA31_AThousandSlowConnectionsKeepNobodyWaiting(t *testing.T) {
	p := demoIn(t, cartellaDemo(t), append(conPostgres(t), "NUCLEO_CONNESSIONI=4096", "NUCLEO_CONNESSIONI_CLIENT=64"), "--solo-domande", "--casi", "20", "--seed", "5")
	co, quante := p.chi("COORDINATORE_PAIS").Token, 100
	if lungo() {
		quante = 1000
	}
	client := &http.Client{Transport: &http.Transport{}, Timeout: scadenza}
	misura := func() (tempi []time.Duration) {
		for range quante {
			inizio := time.Now()
			r, err := p.chiama(t.Context(), client, chiamata{token: co, method: "POST", path: "/casi/ricerche", corpo: `{"lista":"da_assegnare"}`})
			if err != nil || r.status != 200 {
				t.Fatalf("%d %s %v", r.status, r.corpo, err)
			}
			tempi = append(tempi, time.Since(inizio))
		}
		slices.Sort(tempi)
		return tempi
	}
	prima, memoria := misura(), p.memoria(t)
	basta := trattieni(t, strings.TrimPrefix(p.Indirizzo, "http://"), 1000, 50)
	durante := misura()
	client.CloseIdleConnections()
	durante = append(durante, misura()...) // also who comes anew
	basta()
	slices.Sort(durante)
	p99 := func(d []time.Duration) time.Duration { return d[len(d)*99/100] }
	cresciuta := (p.memoria(t) - memoria) >> 20
	metrica(t, "slowloris", "connections=", 1000, " p50=", durante[len(durante)/2], " p99=", p99(durante), " p99_before=", p99(prima), " memory=", cresciuta, "MiB")
	if cresciuta > 128 {
		t.Errorf("slow clients cost %d MiB", cresciuta)
	}
	if err := p.ferma(); err != nil {
		t.Error(err)
	}
}

// One address that takes all the connections it is given keeps out nobody else.
func TestOneAddressTakesNoMoreThanItsConnections(t *testing.T) {
	a := fronte(t, nil, "NUCLEO_CONNESSIONI=100", "NUCLEO_CONNESSIONI_CLIENT=40")
	for n := range 60 {
		c, err := collega(t.Context(), "127.0.0.2", a)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if n >= 40 {
			if _, err := c.Read(make([]byte, 1)); err == nil {
				t.Error("a connection too many was answered")
			}
		}
	}
	resp, err := http.Get("http://" + a + "/")
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	_ = resp.Body.Close()
}

// Slow heads and bodies are cut off in time, whichever way they drip.
func TestSlowRequestsAreCutOff(t *testing.T) {
	a := fronte(t, func(s *http.Server) {
		s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout = s.ReadHeaderTimeout/25, s.ReadTimeout/25, s.IdleTimeout/25
	})
	var tutte sync.WaitGroup
	for come, l := range lente {
		tutte.Go(func() {
			c, err := collega(t.Context(), "127.0.0.3", a)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			_, _ = io.WriteString(c, l.prima)
			fine := time.Now().Add(20 * time.Second)
			for time.Now().Before(fine) {
				_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
				if _, err := io.ReadAll(c); err == nil || !strings.Contains(err.Error(), "timeout") {
					return
				}
				_, _ = io.WriteString(c, l.goccia)
			}
			t.Errorf("%q drips for ever", lente[come].prima)
		})
	}
	tutte.Wait()
}

func TestAHeadIsBounded(t *testing.T) {
	a := fronte(t, nil)
	for nome, testa := range map[string]string{
		"one long header":  "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"many headers":     "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X-A: b\r\n", 8<<10) + "\r\n",
		"a long path":      "GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n",
		"a line of itself": strings.Repeat("a", 64<<10),
	} {
		c, err := collega(t.Context(), "127.0.0.4", a)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(10 * time.Second))
		_, _ = io.WriteString(c, testa)
		riga, err := bufio.NewReader(c).ReadString('\n')
		_ = c.Close()
		if err == nil && !strings.Contains(riga, " 431 ") && !strings.Contains(riga, " 400 ") {
			t.Errorf("%s: %q", nome, riga)
		}
	}
}
