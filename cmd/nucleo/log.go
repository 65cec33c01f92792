package main

import (
	"io"
	"log/slog"

	"nucleo/domain/personale"
)

// registro is the log: JSON lines, without personal data. A value whose type
// holds any is masked by its struct tags, and an error is only its text, which
// the packages below keep free of it.
func registro(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if l.UnmarshalText([]byte(level)) != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l, ReplaceAttr: maschera}))
}

func maschera(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindAny {
		return a
	}
	if _, isError := a.Value.Any().(error); isError {
		return a
	}
	if masked, found := personale.Di(a.Value.Any()); found {
		a.Value = slog.AnyValue(masked)
	}
	return a
}
