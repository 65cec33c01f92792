package httpapi

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// grezza sends bytes as they are, and reads all answers until the connection
// is closed.
func (i *impianto) grezza(t *testing.T, richiesta string) (status []int, corpi string) {
	t.Helper()
	c, err := net.Dial("tcp", i.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(c, richiesta)
	b := bufio.NewReader(c)
	for {
		resp, err := http.ReadResponse(b, nil)
		if err != nil {
			return status, corpi
		}
		corpo, _ := io.ReadAll(resp.Body)
		status, corpi = append(status, resp.StatusCode), corpi+string(corpo)
	}
}

// Requests that two servers could read differently are answered once, by an
// error; a path has one spelling.
func TestA32_RawRequestsHaveOneReading(t *testing.T) {
	i := nuovo(t)
	testa := func(riga string, headers ...string) string {
		return riga + " HTTP/1.1\r\nHost: a\r\n" + strings.Join(append(headers, "Connection: close"), "\r\n") + "\r\n\r\n"
	}
	for richiesta, status := range map[string]int{
		testa("GET /status"):                             200,
		testa("GET http://evil.example/status"):          200, // absolute form: a server must take it, and we route by path alone
		testa("GET http://evil.example//status"):         404,
		testa("GET http://evil.example"):                 404,
		testa("GET status"):                              400,
		testa("GET *"):                                   404,
		testa("OPTIONS *"):                               404,
		testa("CONNECT a:443"):                           404,
		testa("GET /../status"):                          404,
		testa("GET //status"):                            404,
		testa("GET /./status"):                           404,
		testa("GET /%2e/status"):                         404,
		testa("GET /%2e%2e/status"):                      404,
		testa("GET /%73tatus"):                           404,
		testa("GET /status%2f"):                          404,
		testa("GET /status/"):                            404,
		testa("GET /status;x=1"):                         404,
		testa("GET /status%00"):                          404,
		testa("GET /status%0d%0aX-A:%20b"):               404,
		testa("GET /status?x=1"):                         400,
		testa("GET /status#x"):                           404,
		testa("GET \\status"):                            400,
		testa("GET /\\status"):                           404,
		testa("GET /STATUS"):                             404,
		testa("GET /status%"):                            400,
		testa("GET /status", "X-HTTP-Method: DELETE"):    200,
		testa("GET /status", "X-Original-URL: /metrics"): 200,
		testa("GET /status", "X-Rewrite-URL: /nulla"):    200,
		testa("get /status"):                             405,
		testa("GET /status", "Content-Length: 1", "Content-Length: 2") + "x":                           400,
		testa("GET /status", "Content-Length: +1") + "x":                                               400,
		testa("GET /status", "Content-Length: -1"):                                                     400,
		testa("GET /status", "Content-Length: 1, 1") + "x":                                             400,
		testa("GET /status", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0\r\n\r\n": 501,
		testa("GET /status", "Transfer-Encoding: gzip, chunked") + "0\r\n\r\n":                         501,
		testa("GET /status", "Transfer-Encoding: xchunked") + "0\r\n\r\n":                              501,
		testa("GET /status", "Transfer-Encoding : chunked") + "0\r\n\r\n":                              400,
		testa("GET /status", "X-A: b\x00c"):                                                            400,
		testa("GET /status", "X A: b"):                                                                 400,
		"GET /status HTTP/1.1\r\nHost: a.\r\nConnection: close\r\n\r\n":                                400,
		"GET /status HTTP/1.1\r\nHost: a.:8080\r\nConnection: close\r\n\r\n":                           400,
		"GET /status HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n":                      400,
		"GET /status HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n":                               400,
		"GET /status HTTP/1.1\r\nConnection: close\r\n\r\n":                                            400,
		"GET  /status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n":                                400,
		"GET /status HTTP/1.2\r\nHost: a\r\nConnection: close\r\n\r\n":                                 0,
		"GET /status HTTP/3.0\r\nHost: a\r\nConnection: close\r\n\r\n":                                 505,
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n":                                                             0,
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n":                                         0,
	} {
		got, corpi := i.grezza(t, richiesta)
		if len(got) > 1 || status != 0 && (len(got) != 1 || got[0] != status) {
			t.Errorf("%.90q: %v, want %d\n%s", richiesta, got, status, corpi)
		}
	}
}

// A second request that hides in the body of the first is none.
func TestA32_NothingIsSmuggled(t *testing.T) {
	i := nuovo(t)
	dentro := "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
	for nome, richiesta := range map[string]string{
		"both lengths, chunked last":  fmt.Sprintf("POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n%s", 5+len(dentro), dentro),
		"both lengths, chunked first": fmt.Sprintf("POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n%s", 5+len(dentro), dentro),
		"a body on a GET":             fmt.Sprintf("GET /status HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(dentro), dentro),
		"a bare line feed in a chunk": "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\n\r\nx\r\n0\r\n\r\n" + dentro,
		"a header folded":             "GET /status HTTP/1.1\r\nHost: a\r\nX-A: b\r\n Content-Length: 5\r\nConnection: close\r\n\r\n" + dentro,
	} {
		if got, corpi := i.grezza(t, richiesta); strings.Contains(corpi, "vivo") {
			t.Errorf("%s: the request within was answered: %v", nome, got)
		}
	}
}

// A body that drips is cut off; one that is slow, but keeps the pace, is not.
func TestA31_ABodyKeepsItsPace(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Bordo.Lentezza = Lentezza{Byte: 100, Ogni: time.Second} })
	carla := i.chi("CARLA")
	manda := func(pezzo, pezzi int, ogni time.Duration) string {
		c, err := net.Dial("tcp", i.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		corpo := `{"lista":"assegnati"}`
		corpo += strings.Repeat(" ", pezzo*pezzi-len(corpo))
		_, _ = fmt.Fprintf(c, "POST %s/casi/ricerche HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", Base, carla.token, len(corpo))
		ticker := time.NewTicker(ogni)
		defer ticker.Stop()
		for ; corpo != ""; corpo = corpo[pezzo:] {
			<-ticker.C
			if _, err := io.WriteString(c, corpo[:pezzo]); err != nil {
				break
			}
		}
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		riga, _ := bufio.NewReader(c).ReadString('\n')
		return riga
	}
	if riga := manda(1, 120, 20*time.Millisecond); !strings.Contains(riga, " 408 ") && riga != "" { // reset while it still sends
		t.Errorf("a body that drips: %q", riga)
	}
	if riga := manda(100, 150, 10*time.Millisecond); !strings.Contains(riga, " 200 ") {
		t.Errorf("a body that keeps the pace: %q", riga)
	}
}
