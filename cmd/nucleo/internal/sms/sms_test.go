package sms_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/cmd/nucleo/internal/messaggi"
	"nucleo/cmd/nucleo/internal/sms"
)

var busta = messaggi.Busta{Nome: "6f2b7a52-4d0a-5b7e-9c3d-1f1f5a0b7c11.0", A: "333 5550102", Testo: "è per \"domani\""}

// gateway answers one thing to all, and keeps what it was last asked.
type gateway struct {
	status        int
	corpo         string
	chiesto       *http.Request
	corpoRicevuto string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	letto, _ := io.ReadAll(r.Body)
	g.chiesto, g.corpoRicevuto = r, string(letto)
	if g.status == 302 {
		w.Header().Set("Location", "http://elsewhere.example/")
	}
	w.WriteHeader(g.status)
	_, _ = io.WriteString(w, g.corpo)
}

func apri(t *testing.T, g http.Handler) *sms.SMS {
	t.Helper()
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	segreto := filepath.Join(t.TempDir(), "segreto")
	if err := os.WriteFile(segreto, []byte("la chiave\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sms.Nuovo(sms.Config{Gateway: server.URL + "/messaggi", Segreto: segreto, Scadenza: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// detto is what an error means.
func detto(err error) string {
	rifiuto := (*messaggi.Rifiuto)(nil)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &rifiuto):
		return rifiuto.Codice
	case errors.Is(err, messaggi.ErrIrraggiungibile):
		return "away"
	}
	return "later"
}

func TestAnSMSIsHandedToTheGateway(t *testing.T) {
	g := &gateway{status: 202, corpo: `{"id":"x"}`}
	if err := apri(t, g).Manda(t.Context(), busta); err != nil {
		t.Fatal(err)
	}
	var corpo map[string]string
	if err := json.Unmarshal([]byte(g.corpoRicevuto), &corpo); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"id": busta.Nome, "numero": "+393335550102", "testo": busta.Testo}
	if diff := cmp.Diff(want, corpo); diff != "" || g.chiesto.Header.Get("Authorization") != "Bearer la chiave" || g.chiesto.Method != "POST" || g.chiesto.URL.Path != "/messaggi" {
		t.Error(diff, g.chiesto)
	}
}

func TestWhatTheGatewaySaysDecidesWhatBecomesOfTheMessage(t *testing.T) {
	for status, want := range map[int]string{
		200: "", 202: "", 400: "GATEWAY 400", 422: "GATEWAY 422", 302: "away", 401: "away", 403: "away", 404: "away", 429: "away", 500: "away", 503: "away",
	} {
		err := apri(t, &gateway{status: status}).Manda(t.Context(), busta)
		if got := detto(err); got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
	for about, x := range map[string]struct {
		g       *gateway
		arriva  bool
		rifiuto string
	}{
		"under way":            {&gateway{status: 200, corpo: `{"stato":"IN_CORSO"}`}, false, ""},
		"arrived":              {&gateway{status: 200, corpo: `{"stato":"CONSEGNATO"}`}, true, ""},
		"failed":               {&gateway{status: 200, corpo: `{"stato":"FALLITO","motivo":"NUMERO_INESISTENTE"}`}, false, "GATEWAY NUMERO_INESISTENTE"},
		"failed, with a novel": {&gateway{status: 200, corpo: `{"stato":"FALLITO","motivo":"Biagia has no telephone"}`}, false, "GATEWAY"},
		"not known yet":        {&gateway{status: 404}, false, "later"},
		"no JSON":              {&gateway{status: 200, corpo: `<html>`}, false, "away"},
	} {
		arrivato, err := apri(t, x.g).Arrivato(t.Context(), busta.Nome)
		if arrivato != x.arriva || detto(err) != x.rifiuto {
			t.Errorf("%s: %v %v", about, arrivato, err)
		}
		if x.g.chiesto.URL.Path != "/messaggi/"+busta.Nome || x.g.chiesto.Method != "GET" {
			t.Errorf("%s: %v", about, x.g.chiesto.URL)
		}
	}
}

func TestAGatewayThatIsSilentIsAwayAndItsErrorNamesNobody(t *testing.T) {
	fine := make(chan struct{})
	s := apri(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-fine }))
	err := s.Manda(t.Context(), busta)
	close(fine)
	if !errors.Is(err, messaggi.ErrIrraggiungibile) || strings.Contains(err.Error(), "333") || strings.Contains(err.Error(), "http") {
		t.Error(err)
	}
}

func TestNumbersAreWrittenAsGatewaysWantThem(t *testing.T) {
	for s, want := range map[string]string{
		"3335550102": "+393335550102", "333 555 0102": "+393335550102", "+39 3335550102": "+393335550102", "0039 3335550102": "+393335550102", "+49 170 1234567": "+491701234567",
		"12": "", "": "", "abc": "", "+0123456": "", "333-5550102": "",
	} {
		if got, ok := sms.Numero(s); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v", s, got, ok)
		}
	}
}

func TestAGatewayThatIsNoAddressIsRefusedAtStart(t *testing.T) {
	for _, g := range []string{"", "gateway.example", "ftp://gateway.example/", "https://gateway.example/?key=1"} {
		if _, err := sms.Nuovo(sms.Config{Gateway: g}); err == nil {
			t.Errorf("%q is taken", g)
		}
	}
	if _, err := sms.Nuovo(sms.Config{Gateway: "https://gateway.example/", Segreto: filepath.Join(t.TempDir(), "no")}); err == nil {
		t.Error("a secret that is not there is taken")
	}
}
