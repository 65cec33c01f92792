package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"nucleo/cmd/nucleo/internal/messaggi"
	"nucleo/cmd/nucleo/internal/posta"
	"nucleo/cmd/nucleo/internal/sms"
	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain/caso"
)

// canali are the ways by which this installation sends messages.
func (c config) canali() (canali []caso.CanaleComunicazione) {
	if c.SMTP != "" {
		canali = append(canali, caso.EMAIL)
	}
	if c.SMS != "" {
		canali = append(canali, caso.SMS)
	}
	return canali
}

// controllaMessaggi refuses what could not send, or would send in the clear.
func (c config) controllaMessaggi() (errs []error) {
	if c.SMTP != "" && c.Mittente == "" {
		errs = append(errs, errors.New("NUCLEO_SMTP needs NUCLEO_MITTENTE: who writes"))
	}
	if u, err := url.Parse(c.SMTP); err == nil && u.User.String() != u.User.Username() {
		errs = append(errs, errors.New("NUCLEO_SMTP: the password stands in the file NUCLEO_SMTP_SEGRETO, not in the address"))
	}
	if c.produzione() && strings.Contains(c.SMTP, "tls=no") {
		errs = append(errs, errors.New("NUCLEO_SMTP: tls=no is refused in production"))
	}
	if c.produzione() && strings.HasPrefix(c.SMS, "http://") {
		errs = append(errs, errors.New("NUCLEO_SMS: http:// is refused in production"))
	}
	return errs
}

// vettori carry messages, by the ways that are configured.
func (c config) vettori() (map[caso.CanaleComunicazione]messaggi.Vettore, error) {
	vettori := map[caso.CanaleComunicazione]messaggi.Vettore{}
	if c.SMTP != "" {
		v, err := posta.Nuova(posta.Config{Server: c.SMTP, Segreto: c.SMTPSegreto, Mittente: c.Mittente, Adesso: time.Now})
		if err != nil {
			return nil, err
		}
		vettori[caso.EMAIL] = v
	}
	if c.SMS != "" {
		v, err := sms.Nuovo(sms.Config{Gateway: c.SMS, Segreto: c.SMSSegreto})
		if err != nil {
			return nil, err
		}
		vettori[caso.SMS] = v
	}
	return vettori, nil
}

// apriSpedizione makes the sender of messages, and the policy that feeds it.
func (s *servizio) apriSpedizione(ctx context.Context, comandi *commands.Service, segni policies.Segnalibri) error {
	vettori, err := s.config.vettori()
	if err != nil {
		return err
	}
	s.spedizione, err = messaggi.Apri(ctx, messaggi.Config{Comandi: comandi, Lettura: s.lettura, Vettori: vettori, Adesso: time.Now, Log: s.log})
	if err != nil {
		return err
	}
	s.spedisce = s.spedizione.Politica(segni)
	return nil
}

// messaggi is an error while messages wait for a server: one that is away, or
// one that was taken out of the settings.
func (s *salute) messaggi(ctx context.Context) error {
	attese, err := s.spedizione.Attese(ctx)
	if err != nil {
		return nil // the database is a part of its own
	}
	for _, m := range s.spedizione.Misure() {
		switch n := attese[m.Canale]; {
		case n > 0 && m.Assente:
			return fmt.Errorf("%d messages wait: the server for %s does not take them", n, m.Canale)
		case n > 0 && !m.Acceso:
			return fmt.Errorf("%d messages wait: no server for %s is configured", n, m.Canale)
		}
	}
	return nil
}

// misureMessaggi tells Prometheus what the sender counts.
type misureMessaggi struct{ *servizio }

var (
	descSpediti  = prometheus.NewDesc("nucleo_messages_sent_total", "messages that a server took, since the start", []string{"channel"}, nil)
	descRespinti = prometheus.NewDesc("nucleo_messages_failed_total", "messages that will not arrive, since the start", []string{"channel"}, nil)
	descInAttesa = prometheus.NewDesc("nucleo_messages_waiting", "messages that no server took yet", []string{"channel"}, nil)
	descAssente  = prometheus.NewDesc("nucleo_messages_server_up", "1 unless the server takes no messages", []string{"channel"}, nil)
)

// Describe implements prometheus.Collector.
func (m misureMessaggi) Describe(ch chan<- *prometheus.Desc) {
	ch <- descSpediti
	ch <- descRespinti
	ch <- descAssente
	ch <- descInAttesa
}

// Collect implements prometheus.Collector.
func (m misureMessaggi) Collect(ch chan<- prometheus.Metric) {
	ctx, basta := context.WithTimeout(context.Background(), 2*time.Second)
	defer basta()
	attese, err := m.spedizione.Attese(ctx)
	for _, s := range m.spedizione.Misure() {
		if err == nil && (s.Acceso || attese[s.Canale] > 0) {
			ch <- prometheus.MustNewConstMetric(descInAttesa, prometheus.GaugeValue, float64(attese[s.Canale]), string(s.Canale))
		}
		if !s.Acceso {
			continue
		}
		ch <- prometheus.MustNewConstMetric(descSpediti, prometheus.CounterValue, float64(s.Spediti), string(s.Canale))
		ch <- prometheus.MustNewConstMetric(descRespinti, prometheus.CounterValue, float64(s.Respinti), string(s.Canale))
		ch <- prometheus.MustNewConstMetric(descAssente, prometheus.GaugeValue, uno(!s.Assente), string(s.Canale))
	}
}
