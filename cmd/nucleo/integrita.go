package main

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"nucleo/eventstore/node/eventlog"
	"nucleo/httpapi"
)

// integrita says whether the file of the log is as it was written, as far as it was
// looked through in the background. Of a store elsewhere nothing is said.
func (s *salute) integrita() httpapi.Parte {
	return diIntegrita(s.nodo.Log().Scrubbed())
}

func diIntegrita(s eventlog.Scrubbed) httpapi.Parte {
	p := parte("integrita", s.Fault, "")
	switch {
	case !p.Bene:
	case s.Whole.IsZero():
		p.Motivo = "the file of the log was not looked through whole yet"
	default:
		p.Motivo = fmt.Sprintf("the file of the log was looked through whole by %s", s.Whole.UTC().Format(time.RFC3339))
	}
	return p
}

// misureIntegrita tells Prometheus how the scrub does.
type misureIntegrita struct{ *servizio }

var (
	descScrubPosizione = prometheus.NewDesc("nucleo_eventstore_scrub_last_ok_position", "up to here the pass that goes on, or the last one, found every event as it was written", nil, nil)
	descScrubFine      = prometheus.NewDesc("nucleo_eventstore_scrub_end_position", "where that pass ends", nil, nil)
	descScrubIntero    = prometheus.NewDesc("nucleo_eventstore_scrub_last_pass_seconds", "when the last pass ended that found no fault, Unix time; 0 for none", nil, nil)
	descScrubGuasto    = prometheus.NewDesc("nucleo_eventstore_damaged", "1 while the scrub stands before an event that is not as it was written", nil, nil)
)

// Describe implements prometheus.Collector.
func (m misureIntegrita) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descScrubPosizione, descScrubFine, descScrubIntero, descScrubGuasto} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m misureIntegrita) Collect(ch chan<- prometheus.Metric) {
	if m.nodo == nil {
		return
	}
	s := m.nodo.Log().Scrubbed()
	intero := 0.0
	if !s.Whole.IsZero() {
		intero = float64(s.Whole.Unix())
	}
	ch <- prometheus.MustNewConstMetric(descScrubPosizione, prometheus.GaugeValue, float64(s.Position))
	ch <- prometheus.MustNewConstMetric(descScrubFine, prometheus.GaugeValue, float64(s.Last))
	ch <- prometheus.MustNewConstMetric(descScrubIntero, prometheus.GaugeValue, intero)
	ch <- prometheus.MustNewConstMetric(descScrubGuasto, prometheus.GaugeValue, uno(s.Fault != nil))
}
