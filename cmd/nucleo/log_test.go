package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/operatore"
)

const canarino = "CANARINO"

// logged are values that somebody may log one day, each with the name of a
// canary in it.
func logged() map[string]any {
	_, numero := strconv.Atoi(canarino)
	_, data := time.Parse(time.DateOnly, canarino)
	componente := caso.Componente{Cognome: canarino, Nome: canarino, CodiceFiscale: canarino, Recapiti: caso.Recapiti{Email: canarino}}
	domanda := caso.DomandaRicevuta{IDDomanda: "INPS-RDC-2026-1", Indirizzo: caso.Indirizzo{Via: canarino}, Componenti: []caso.Componente{componente}}
	return map[string]any{
		"a struct": componente, "a pointer": &componente, "a list": []caso.Componente{componente}, "a map": map[string]any{"a": componente},
		"an event": domanda, "an event in its envelope": domain.Recorded{Event: domanda}, "an operator": operatore.Registrato{Cognome: canarino},
		"a group": slog.GroupValue(slog.Any("b", componente)), "a command": caso.Annota{Testo: canarino},
		"a number": fmt.Errorf("row: %w", numero), "a date": errors.Join(errors.New("x"), fmt.Errorf("row: %w", data)),
		"a value of a column": fmt.Errorf("write: %w", &pgconn.PgError{Code: "22P02", Message: `invalid input syntax for type integer: "` + canarino + `"`}),
	}
}

func TestA22_LogsLeaveOutWhatTagsName(t *testing.T) {
	for nome, v := range logged() {
		var b bytes.Buffer
		log := registro(&b, "debug")
		log.Info("x", "v", v)
		log.With("v", v).WithGroup("g").Warn("x", "w", v)
		if strings.Contains(b.String(), canarino) || !strings.Contains(b.String(), "[riservato]") {
			t.Errorf("%s is logged as %s", nome, b.String())
		}
	}
}

func TestA22_PersonalDataDoesNotPrint(t *testing.T) {
	for nome, v := range logged() {
		if _, isError := v.(error); isError {
			continue // errors print what they are: only logs leave it out
		}
		for _, verbo := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if nome == "a pointer" && verbo == "%d" {
				continue
			}
			if testo := fmt.Sprintf(verbo, v); strings.Contains(testo, canarino) || strings.Contains(testo, fmt.Sprintf("%x", canarino)) {
				t.Errorf("%s prints by %s as %s", nome, verbo, testo)
			}
		}
	}
}

// Whatever a text holds, a line of the log is one JSON object.
func FuzzA21_EveryLineIsOneObject(f *testing.F) {
	for _, s := range []string{"\r\n{\"level\":\"ERROR\"}", "\x1b[31m", "\u2028", "\xff\xfe", `","b":"`, "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		registro(&b, "info").Info("x", "testo", s, "err", errors.New(s), s, 1, "v", map[string]string{s: s})
		riga, resto, _ := strings.Cut(b.String(), "\n")
		var v map[string]any
		if err := json.Unmarshal([]byte(riga), &v); err != nil || resto != "" {
			t.Errorf("%q: %v", b.String(), err)
		}
		if strings.ContainsFunc(riga, func(r rune) bool { return r < ' ' }) {
			t.Errorf("a control character stands in %q", riga)
		}
	})
}
