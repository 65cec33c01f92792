package main

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"nucleo/domain/personale"
)

// registro is the log: JSON lines, without personal data. Of a value
// whose type holds any, what its struct tags name is left out; of an error, what
// it is known to quote.
func registro(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if l.UnmarshalText([]byte(level)) != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l, ReplaceAttr: riserva}))
}

func riserva(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindAny {
		return a
	}
	if err, isError := a.Value.Any().(error); isError {
		a.Value = slog.StringValue(senzaCitazioni(err))
		return a
	}
	if reserved, found := personale.Riserva(a.Value.Any()); found {
		a.Value = slog.AnyValue(reserved)
	}
	return a
}

// senzaCitazioni is the text of an error without the values that errors of the
// libraries below quote.
func senzaCitazioni(err error) string {
	testo := err.Error()
	for _, citata := range citate(err) {
		if citata != "" {
			testo = strings.ReplaceAll(testo, citata, personale.Riservato)
		}
	}
	return testo
}

// citate are the values that an error, or one that it wraps, quotes.
func citate(err error) (all []string) {
	switch e := err.(type) { // each of a tree, not the first that errors.As finds
	case *strconv.NumError:
		all = append(all, strconv.Quote(e.Num), e.Num)
	case *time.ParseError:
		all = append(all, strconv.Quote(e.Value), e.Value)
	case *url.Error:
		all = append(all, strconv.Quote(e.URL), e.URL)
	case *json.UnmarshalTypeError:
		all = append(all, e.Value)
	case *pgconn.PgError:
		if strings.HasPrefix(e.Code, "22") { // a value that a column does not take
			all = append(all, e.Message)
		}
	}
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		for _, uno := range e.Unwrap() {
			all = append(all, citate(uno)...)
		}
	default:
		if dentro := errors.Unwrap(err); dentro != nil {
			all = append(all, citate(dentro)...)
		}
	}
	return all
}
