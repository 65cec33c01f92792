package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"nucleo/projections/segnalazioni"
)

// inps is an error while segnalazioni do not reach INPS: those that it refused,
// or that could not be delivered, say why in the register.
func (s *salute) inps(ctx context.Context) error {
	if s.dispatcher == nil {
		return nil
	}
	if c, err := segnalazioni.Cammino(ctx, s.lettura); err == nil && c.Fallite > 0 { // the database is a part of its own
		return fmt.Errorf("%d of %d segnalazioni could not be sent: errore_invio says why in the register", c.Fallite, c.Attese)
	}
	if s.dispatcher.Misura().Fallito {
		return errors.New("the last round could not do all: the log says why")
	}
	return nil
}

// misureINPS tells Prometheus what the dispatcher counts.
type misureINPS struct{ *servizio }

var (
	descINPSAttese   = prometheus.NewDesc("nucleo_inps_waiting", "segnalazioni that were approved and are not sent yet", nil, nil)
	descINPSFallite  = prometheus.NewDesc("nucleo_inps_failing", "of those that wait, the ones whose last sending failed", nil, nil)
	descINPSInviate  = prometheus.NewDesc("nucleo_inps_sent_total", "segnalazioni that INPS took, since the start", nil, nil)
	descINPSRespinte = prometheus.NewDesc("nucleo_inps_refused_total", "times that INPS refused a segnalazione, since the start", nil, nil)
	descINPSRiuscito = prometheus.NewDesc("nucleo_inps_last_success_seconds", "when the last round ended that did all, Unix time; 0 for none", nil, nil)
)

// Describe implements prometheus.Collector.
func (m misureINPS) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descINPSAttese, descINPSFallite, descINPSInviate, descINPSRespinte, descINPSRiuscito} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m misureINPS) Collect(ch chan<- prometheus.Metric) {
	if m.dispatcher == nil {
		return
	}
	ctx, basta := context.WithTimeout(context.Background(), 2*time.Second)
	defer basta()
	if c, err := segnalazioni.Cammino(ctx, m.lettura); err == nil {
		ch <- prometheus.MustNewConstMetric(descINPSAttese, prometheus.GaugeValue, float64(c.Attese))
		ch <- prometheus.MustNewConstMetric(descINPSFallite, prometheus.GaugeValue, float64(c.Fallite))
	}
	d := m.dispatcher.Misura()
	ch <- prometheus.MustNewConstMetric(descINPSInviate, prometheus.CounterValue, float64(d.Inviate))
	ch <- prometheus.MustNewConstMetric(descINPSRespinte, prometheus.CounterValue, float64(d.Respinte))
	riuscito := 0.0
	if !d.Riuscito.IsZero() {
		riuscito = float64(d.Riuscito.Unix())
	}
	ch <- prometheus.MustNewConstMetric(descINPSRiuscito, prometheus.GaugeValue, riuscito)
}
