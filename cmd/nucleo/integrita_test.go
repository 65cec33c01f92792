package main

import (
	"testing"
	"time"

	"nucleo/eventstore/node/eventlog"
)

// A fault in the file of the log makes its part of /status fail, and says where it is.
func TestIntegritaDelFile(t *testing.T) {
	intero := time.Date(2026, 11, 25, 18, 0, 0, 0, time.UTC)
	for nome, c := range map[string]struct {
		s      eventlog.Scrubbed
		bene   bool
		motivo string
	}{
		"not looked through": {eventlog.Scrubbed{Position: 10}, true, "the file of the log was not looked through whole yet"},
		"whole":              {eventlog.Scrubbed{Whole: intero}, true, "the file of the log was looked through whole by 2026-11-25T18:00:00Z"},
		"damaged": {eventlog.Scrubbed{Whole: intero, Fault: &eventlog.CorruptError{Position: 77, Reason: "checksum does not match"}}, false,
			"event log is damaged at position 77: checksum does not match"},
	} {
		if p := diIntegrita(c.s); p.Nome != "integrita" || p.Bene != c.bene || p.Motivo != c.motivo {
			t.Errorf("%s: %+v", nome, p)
		}
	}
}
