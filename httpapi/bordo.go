package httpapi

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Bordo is how the API guards its edge. The zero value believes nobody and
// bounds nothing.
type Bordo struct {
	// Origini are web origins, beside the API's own, from whose pages browsers
	// may send what changes things: https://console.example.
	Origini []string
	// Proxy are the addresses whose word about who their clients are is
	// believed: X-Forwarded-For of anybody else is not read.
	Proxy []netip.Prefix
	// HTTPS says that the API is reached by TLS alone, also where a proxy ends
	// it, and that browsers may be told so.
	HTTPS    bool
	Ritmi    Ritmi
	Lentezza Lentezza
	// Porta, when there is one, closes while the program stops.
	Porta Porta
}

// Porta lets requests in and out.
type Porta interface {
	// Entra reports whether a request may begin; who comes in calls Esce.
	Entra() bool
	Esce()
}

var (
	errOrigine   = problem(403, "richiesta.origine_estranea", "a browser sent this from a page of another origin: only pages of this service, and of the origins that its settings name, may change things")
	errHost      = problem(400, "richiesta.host_non_valido", "the name of the host ends in a dot: write it without")
	errSiArresta = problem(503, "non_pronto", "this server is stopping, and nothing was done: repeat the request, commands with the same Idempotency-Key")
)

// sempreAperte answer also while the program stops: a balancer learns by them
// that it should go elsewhere (F-69).
var sempreAperte = map[string]bool{"/livez": true, "/readyz": true, "/status": true, "/metrics": true}

// guardia stands before the router: it lets in what comes by the front door.
// A program sends neither Origin nor Sec-Fetch-Site, and passes; what a
// browser sends from a strange page does not.
func (a *API) guardia(next http.Handler) (http.Handler, error) {
	origini := http.NewCrossOriginProtection()
	for _, o := range a.Bordo.Origini {
		if err := origini.AddTrustedOrigin(o); err != nil {
			return nil, fmt.Errorf("trusted origin: %w", err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 && r.ProtoMajor == 1 {
			// Where such a request also had a length, a proxy may see its end
			// elsewhere: nothing after it is taken for a request.
			w.Header().Set("Connection", "close")
		}
		if host, _, _ := strings.Cut(r.Host, ":"); strings.HasSuffix(host, ".") {
			a.refuse(w, r, errHost)
			return
		}
		if err := origini.Check(r); err != nil {
			a.refuse(w, r, errOrigine)
			return
		}
		if a.Bordo.Porta != nil && !sempreAperte[r.URL.Path] {
			if !a.Bordo.Porta.Entra() {
				w.Header().Set("Connection", "close")
				a.refuse(w, r, errSiArresta)
				return
			}
			defer a.Bordo.Porta.Esce()
		}
		next.ServeHTTP(w, r)
	}), nil
}

// intestazioni are the headers of safety that every answer carries.
// Nothing is cached, by nobody: an answer is for whoever asked, and for now
// . An answer that is a page of ours may say less strict things later.
func (a *API) intestazioni(h http.Header, tls bool) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Vary", "Authorization, Cookie, Profilo")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	if tls || a.Bordo.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}
