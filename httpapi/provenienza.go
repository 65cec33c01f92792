package httpapi

import (
	"net/http"
	"net/netip"
	"strings"
)

// indirizzo is who sent a request: the other end of the connection or, where
// that is a proxy that is believed, the last address of X-Forwarded-For that
// is not such a proxy itself. What stands before it anybody may have written.
func (a *API) indirizzo(r *http.Request) netip.Addr {
	altro, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	chi := altro.Addr().Unmap().WithZone("")
	detti := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for n := len(detti) - 1; n >= 0 && a.fidato(chi); n-- {
		detto, err := netip.ParseAddr(strings.TrimSpace(detti[n]))
		if err != nil {
			break
		}
		chi = detto.Unmap().WithZone("")
	}
	return chi
}

func (a *API) fidato(chi netip.Addr) bool {
	for _, p := range a.Bordo.Proxy {
		if p.Contains(chi) {
			return true
		}
	}
	return false
}

// client is the address of a client as the log names it.
func (a *API) client(r *http.Request) string {
	if chi := a.indirizzo(r); chi.IsValid() {
		return chi.String()
	}
	return ""
}

// rete is what counts as one client: an address or, of IPv6, the network that
// one subscriber is given.
func rete(chi netip.Addr) string {
	if chi.Is6() {
		if p, err := chi.Prefix(64); err == nil {
			return p.String()
		}
	}
	return chi.String()
}
