// Package inpsfinto is a counterpart that stands in for INPS in tests and in
// the demo: it takes flussi by HTTP or from a directory, answers with receipts,
// and counts what it got. It can be slow, refuse, drop its answer after it
// took something, and repeat receipts.
package inpsfinto

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/inps"
	"nucleo/domain/flussoinps"
	"nucleo/domain/id"
)

// Config says how the counterpart behaves. Counts of 0 never happen.
type Config struct {
	Entrata     string        // directory of flussi; empty for HTTP alone
	Ricevute    string        // directory where it puts receipts
	Lentezza    time.Duration // before it answers
	RifiutaOgni int           // every so many flussi, take nothing
	PerdiOgni   int           // every so many flussi, take it and drop the answer
	Ripeti      int           // how often more a receipt comes
}

// Conteggio is what came of one voce.
type Conteggio struct {
	Tipo    flussoinps.Tipo `json:"tipo"`
	ID      id.Segnalazione `json:"id"`
	Volte   int             `json:"volte"`   // how often it came
	Effetti int             `json:"effetti"` // different contents under its id: more than 1 is a fault
	Ultima  inps.Voce       `json:"ultima"`
	flusso  string
}

// INPS is the counterpart.
type INPS struct {
	Config
	mu     sync.Mutex
	flussi int
	voci   map[chiave]*Conteggio
}

type chiave struct {
	tipo flussoinps.Tipo
	id   id.Segnalazione
}

// Nuova makes a counterpart.
func Nuova(c Config) *INPS { return &INPS{Config: c, voci: map[chiave]*Conteggio{}} }

// Conteggi are all voci that came.
func (n *INPS) Conteggi() (tutti []Conteggio) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.voci {
		tutti = append(tutti, *c)
	}
	slices.SortFunc(tutti, func(a, b Conteggio) int {
		return strings.Compare(a.ID.String()+string(a.Tipo), b.ID.String()+string(b.Tipo))
	})
	return tutti
}

// ServeHTTP answers as docs/formato-flusso-inps.md says, and GET /conteggi.
func (n *INPS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	flusso, ricevute := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/flussi/"), "/ricevute")
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/stato":
		rispondi(w, struct{}{})
	case r.Method == http.MethodGet && r.URL.Path == "/conteggi":
		rispondi(w, map[string]any{"items": n.Conteggi()})
	case r.Method == http.MethodPost && r.URL.Path == "/flussi":
		n.riceve(w, r)
	case r.Method == http.MethodGet && ricevute:
		rispondi(w, n.ricevute(flusso))
	default:
		http.NotFound(w, r)
	}
}

func rispondi(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (n *INPS) riceve(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	if err != nil {
		return
	}
	if !n.aspetta(r.Context()) {
		return
	}
	risposta, rifiuta, perdi, err := n.prende(data)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case rifiuta:
		http.Error(w, "not now", http.StatusTooManyRequests)
	case perdi:
		panic(http.ErrAbortHandler) // the connection ends without an answer
	default:
		rispondi(w, risposta)
	}
}

func (n *INPS) aspetta(ctx context.Context) bool {
	t := time.NewTimer(n.Lentezza)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// prende takes a flusso, unless its turn is to be refused.
func (n *INPS) prende(data []byte) (risposta inps.Risposta, rifiuta, perdi bool, err error) {
	var d inps.Documento
	if err := errors.Join(inps.Controlla(data), json.Unmarshal(data, &d)); err != nil {
		return risposta, false, false, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.flussi++
	if ogni(n.flussi, n.RifiutaOgni) {
		return risposta, true, false, nil
	}
	for _, v := range d.Voci {
		k := chiave{v.Tipo, v.ID}
		c := n.voci[k]
		if c == nil {
			c = &Conteggio{Tipo: v.Tipo, ID: v.ID, flusso: d.Flusso}
			n.voci[k] = c
		}
		if c.Ultima != v {
			c.Effetti++
		}
		c.Volte, c.Ultima = c.Volte+1, v
		risposta.Esiti = append(risposta.Esiti, inps.Esito{Tipo: v.Tipo, ID: v.ID, Accettata: true, Protocollo: protocollo(v.ID)})
	}
	return risposta, false, ogni(n.flussi, n.PerdiOgni), nil
}

func ogni(n, ogni int) bool { return ogni > 0 && n%ogni == 0 }

// protocollo is the number under which a segnalazione is taken: the same
// however often it comes, and after a restart too.
func protocollo(i id.Segnalazione) string {
	return "INPS." + uuid.NewSHA1(i.UUID, []byte("protocollo")).String()[:13]
}

// ricevute are those of a flusso, each as often as it is to come.
func (n *INPS) ricevute(flusso string) (r inps.Ricevute) {
	r.Ricevute = []inps.Ricevuta{}
	for _, c := range n.Conteggi() {
		if c.flusso != flusso {
			continue
		}
		for range n.Ripeti + 1 {
			r.Ricevute = append(r.Ricevute, ricevuta(c.Ultima, flusso, protocollo(c.ID)))
		}
	}
	return r
}

func ricevuta(v inps.Voce, flusso, protocollo string) inps.Ricevuta {
	return inps.Ricevuta{
		Tipo: v.Tipo, ID: v.ID, IDDomanda: v.IDDomanda, Flusso: flusso, Protocollo: protocollo,
		Ricevuta: "R." + uuid.NewSHA1(v.ID.UUID, []byte(v.Tipo)).String()[:13],
	}
}

// Run takes flussi from the directory until ctx ends.
func (n *INPS) Run(ctx context.Context) error {
	for _, dir := range []string{n.Entrata, n.Ricevute} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	guarda := time.NewTicker(200 * time.Millisecond)
	defer guarda.Stop()
	for {
		file, err := filepath.Glob(filepath.Join(n.Entrata, "*.json"))
		for _, f := range file {
			err = errors.Join(err, n.file(ctx, f))
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-guarda.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// file takes one flusso, puts its receipts into the other directory, and keeps
// the flusso in prese/.
func (n *INPS) file(ctx context.Context, nome string) error {
	if !n.aspetta(ctx) {
		return nil
	}
	data, err := os.ReadFile(nome)
	if err != nil {
		return err
	}
	_, rifiuta, _, err := n.prende(data)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(nome), err)
	}
	if rifiuta {
		return nil // the file waits for the next look
	}
	var d inps.Documento
	if err := json.Unmarshal(data, &d); err != nil {
		return err
	}
	var r inps.Ricevute
	for _, v := range d.Voci {
		r.Ricevute = append(r.Ricevute, ricevuta(v, d.Flusso, "")) // of a file, the flusso is the number
	}
	testo, err := json.Marshal(r)
	for k := range n.Ripeti + 1 {
		err = errors.Join(err, inps.Deposita(n.Ricevute, fmt.Sprintf("ricevute-%d-%s", k, filepath.Base(nome)), testo))
	}
	if err != nil {
		return err
	}
	prese := filepath.Join(n.Entrata, "prese")
	if err := os.MkdirAll(prese, 0o700); err != nil {
		return err
	}
	return os.Rename(nome, filepath.Join(prese, filepath.Base(nome)))
}
