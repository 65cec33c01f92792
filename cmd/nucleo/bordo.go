package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"nucleo/cmd/nucleo/internal/soglia"
	"nucleo/httpapi"
)

// bordo is how the API guards its edge.
func (c config) bordo(porta httpapi.Porta) httpapi.Bordo {
	proxy, _ := c.proxy() // configFrom refused what is wrong
	return httpapi.Bordo{
		Origini: c.Origini, Proxy: proxy, HTTPS: c.HTTPS, Porta: porta, Lentezza: httpapi.Lentezza{Byte: 16 << 10, Ogni: 10 * time.Second},
		Ritmi: httpapi.Ritmi{Operatore: c.RitmoOperatore, Ambito: c.RitmoAmbito, Esatte: c.RitmoEsatte, Anonimi: c.RitmoAnonimi},
	}
}

// controllaBordo refuses settings of the edge that say nothing, or too much.
func (c config) controllaBordo() (errs []error) {
	if _, err := c.proxy(); err != nil {
		errs = append(errs, err)
	}
	for _, o := range c.Origini {
		u, err := url.Parse(o)
		if err == nil {
			err = http.NewCrossOriginProtection().AddTrustedOrigin(o)
		}
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("NUCLEO_ORIGINI: %q is not an origin: https://host[:port]", o))
		case c.produzione() && u.Scheme != "https":
			errs = append(errs, fmt.Errorf("NUCLEO_ORIGINI: %q is refused in production: only https is", o))
		}
	}
	for _, n := range []int{c.RitmoOperatore, c.RitmoAmbito, c.RitmoEsatte, c.RitmoAnonimi, c.Connessioni, c.ConnessioniClient} {
		if n < 0 {
			return append(errs, errors.New("NUCLEO_RITMO_… and NUCLEO_CONNESSIONI… are 0, for no bound, or more"))
		}
	}
	return errs
}

// proxy are the networks of proxies that are believed.
func (c config) proxy() (reti []netip.Prefix, err error) {
	for _, voce := range c.Proxy {
		rete, err := netip.ParsePrefix(voce)
		if uno, errUno := netip.ParseAddr(voce); errUno == nil {
			rete, err = netip.PrefixFrom(uno, uno.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("NUCLEO_PROXY: %q is neither an address nor a network such as 10.0.0.0/8", voce)
		}
		reti = append(reti, rete.Masked())
	}
	return reti, nil
}

// server answers requests in bounded time and memory (D-14): a client has 5 s
// for its headers and 15 s for all of a request, and takes the answer within
// 30 s. Routes that need longer say so themselves.
func (c config) server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 60 * time.Second,
		MaxHeaderBytes: 16 << 10, DisableGeneralOptionsHandler: true, // OPTIONS * is answered as all else is
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: 100, PingTimeout: 15 * time.Second, SendPingTimeout: 30 * time.Second},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// davanti bounds how many connections are open at once; those of proxies that
// are believed carry many clients, and only count among all.
func (c config) davanti(l net.Listener) net.Listener {
	proxy, _ := c.proxy()
	return soglia.Davanti(l, soglia.Limiti{Tutte: c.Connessioni, Client: c.ConnessioniClient, Esenti: proxy})
}
