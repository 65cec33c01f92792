package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metriche is what the program counts of itself. No label holds the name or
// the id of anybody.
type metriche struct {
	registry  *prometheus.Registry
	richieste *prometheus.HistogramVec
}

func nuoveMetriche(s *servizio) *metriche {
	m := &metriche{
		registry: prometheus.NewRegistry(),
		richieste: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "nucleo_http_request_seconds", Help: "time to answer, by route and status",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "status"}),
	}
	m.registry.MustRegister(
		m.richieste, misureProiezioni{s}, misureMessaggi{s}, misureINPS{s}, misureIntegrita{s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "nucleo_eventstore_up", Help: "1 when the event store answers"}, func() float64 {
			return uno(s.archivio.State() == nil)
		}),
	)
	return m
}

func uno(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (m *metriche) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metriche) osserva(route string, status int, took time.Duration) {
	m.richieste.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// misureProiezioni tells Prometheus what the engine counts.
type misureProiezioni struct{ *servizio }

var (
	descPosizione    = prometheus.NewDesc("nucleo_projection_position", "position of the last event folded", []string{"model"}, nil)
	descEventi       = prometheus.NewDesc("nucleo_projection_events_total", "events folded since the start", []string{"model"}, nil)
	descParcheggiati = prometheus.NewDesc("nucleo_projection_parked", "streams that wait for somebody to look", []string{"model"}, nil)
	descGuida        = prometheus.NewDesc("nucleo_projection_leader", "1 when this process projects the model", []string{"model"}, nil)
	descFallimenti   = prometheus.NewDesc("nucleo_projection_failures_total", "failures since the start", []string{"model"}, nil)
)

// Describe implements prometheus.Collector.
func (m misureProiezioni) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descPosizione, descEventi, descParcheggiati, descGuida, descFallimenti} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m misureProiezioni) Collect(ch chan<- prometheus.Metric) {
	for _, s := range m.motore.Misure() {
		ch <- prometheus.MustNewConstMetric(descPosizione, prometheus.GaugeValue, float64(s.Posizione), s.Nome)
		ch <- prometheus.MustNewConstMetric(descEventi, prometheus.CounterValue, float64(s.Eventi), s.Nome)
		ch <- prometheus.MustNewConstMetric(descParcheggiati, prometheus.GaugeValue, float64(s.Parcheggiati), s.Nome)
		ch <- prometheus.MustNewConstMetric(descGuida, prometheus.GaugeValue, uno(s.Guida), s.Nome)
		ch <- prometheus.MustNewConstMetric(descFallimenti, prometheus.CounterValue, float64(s.Fallimenti), s.Nome)
	}
}
