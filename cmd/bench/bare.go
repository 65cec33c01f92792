package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The least that answers a page or a row over HTTP: mux, pgx, encoding/json.
// It knows no rights, checks nothing, records nobody who looks, and its table
// holds what is shown, as it is shown.

// riga is a row of the queue as the API shows it.
type riga struct {
	ID               string `json:"id"`
	IDDomanda        string `json:"id_domanda"`
	Cognome          string `json:"cognome"`
	Nome             string `json:"nome"`
	CodiceFiscale    string `json:"codice_fiscale"`
	Comune           luogo  `json:"comune"`
	Indirizzo        via    `json:"indirizzo"`
	NumeroComponenti int    `json:"numero_componenti"`
	PresenzaMinori   bool   `json:"presenza_minori"`
	PresenzaDisabili bool   `json:"presenza_disabili"`
	Riassegnato      bool   `json:"riassegnato"`
	Misura           string `json:"misura"`
	Presentazione    string `json:"data_presentazione"`
	Priorita         string `json:"priorita,omitempty"`
	Scadenza120      string `json:"scadenza_120,omitempty"`
	ETag             string `json:"etag"`
}

type luogo struct {
	Codice string `json:"codice"`
	Nome   string `json:"nome"`
}

type via struct {
	Via    string `json:"via"`
	Civico string `json:"civico"`
	CAP    string `json:"cap"`
}

func (r *riga) columns() []any {
	return []any{
		&r.ID, &r.IDDomanda, &r.Cognome, &r.Nome, &r.CodiceFiscale, &r.Comune.Codice, &r.Comune.Nome, &r.Indirizzo.Via, &r.Indirizzo.Civico, &r.Indirizzo.CAP,
		&r.NumeroComponenti, &r.PresenzaMinori, &r.PresenzaDisabili, &r.Riassegnato, &r.Misura, &r.Presentazione, &r.Priorita, &r.Scadenza120, &r.ETag,
	}
}

// bareColumns are those of the table, in the same order.
const bareColumns = `id, id_domanda, cognome, nome, codice_fiscale, comune, nome_comune, via, civico, cap,
	numero_componenti, minori, disabili, riassegnato, misura, presentazione, priorita, scadenza_120, etag`

const bareTable = `CREATE SCHEMA nuda; CREATE TABLE nuda.righe (n bigint PRIMARY KEY, id text, id_domanda text, cognome text, nome text, codice_fiscale text, comune text, nome_comune text, via text, civico text, cap text,
	numero_componenti bigint, minori boolean, disabili boolean, riassegnato boolean, misura text, presentazione text, priorita text, scadenza_120 text, etag text)`

// bare is the handler, with what stands around the rows of the page.
type bare struct {
	pool   *pgxpool.Pool
	page   map[string]json.RawMessage // of the answer, but for its items
	fields []string                   // of the answer, in their order
}

// newBare fills the table with the page that the API gave, again and again
// until it has as many rows as the queue.
func newBare(ctx context.Context, pool *pgxpool.Pool, answer []byte, rows int) (*bare, error) {
	b := &bare{pool: pool, page: map[string]json.RawMessage{}}
	var items []riga
	if err := json.Unmarshal(answer, &b.page); err != nil {
		return nil, err
	}
	strict := json.NewDecoder(bytes.NewReader(b.page["items"]))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&items); err != nil {
		return nil, fmt.Errorf("the queue shows what the bare handler does not know: %w", err)
	}
	if b.fields = members(answer); len(items) == 0 {
		return nil, errors.New("the page is empty")
	}
	if _, err := pool.Exec(ctx, bareTable); err != nil {
		return nil, err
	}
	n := -1
	_, err := pool.CopyFrom(ctx, pgx.Identifier{"nuda", "righe"}, append([]string{"n"}, strings.Fields(strings.ReplaceAll(bareColumns, ",", " "))...), pgx.CopyFromFunc(func() ([]any, error) {
		if n++; n == max(rows, len(items)) {
			return nil, nil
		}
		return append([]any{n}, items[n%len(items)].columns()...), nil
	}))
	if err == nil {
		_, err = pool.Exec(ctx, "VACUUM ANALYZE nuda.righe")
	}
	return b, err
}

// members are the names of an object, in their order.
func members(object []byte) (names []string) {
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token()
	for d.More() {
		name, _ := d.Token()
		names = append(names, fmt.Sprint(name))
		var skipped json.RawMessage
		_ = d.Decode(&skipped)
	}
	return names
}

func (b *bare) handler() http.Handler {
	router := mux.NewRouter()
	router.HandleFunc("/righe", func(w http.ResponseWriter, r *http.Request) {
		rows, err := b.pool.Query(r.Context(), "SELECT "+bareColumns+" FROM nuda.righe WHERE n >= 0 ORDER BY n LIMIT 50")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x riga, err error) { return x, row.Scan(x.columns()...) })
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		b.write(w, items)
	})
	router.HandleFunc("/righe/{n}", func(w http.ResponseWriter, r *http.Request) {
		var x riga
		if err := b.pool.QueryRow(r.Context(), "SELECT "+bareColumns+" FROM nuda.righe WHERE n = $1", mux.Vars(r)["n"]).Scan(x.columns()...); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(x)
	})
	return router
}

// write answers the page as the API does: the same members in the same order.
func (b *bare) write(w http.ResponseWriter, items []riga) {
	encoded, err := json.Marshal(items)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	for i, name := range b.fields {
		value := b.page[name]
		if name == "items" {
			value = encoded
		}
		_, _ = fmt.Fprintf(w, "%c%q:%s", "{,"[min(i, 1)], name, value)
	}
	_, _ = io.WriteString(w, "}\n")
}

// listen serves a handler on a loopback address, until it is closed.
func listen(h http.Handler) (base string, closed func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	return "http://" + l.Addr().String(), func() error {
		err := s.Close()
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
		return err
	}, nil
}

// fetch gets what a request is answered, which must be 200.
func fetch(client *http.Client, req *http.Request) ([]byte, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("answered %s: %.300s", resp.Status, body)
	}
	return body, err
}
