package httpapi

import (
	"fmt"
	"net/netip"
	"strconv"
	"testing"
	"time"
)

func TestModI12_WhoAsksTooOftenWaits(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Bordo.Ritmi = Ritmi{Operatore: 3} })
	carla, daria := i.chi("CARLA"), i.chi("DARIA")
	for n := range 3 {
		r := carla.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
		if r.header.Get("X-RateLimit-Limit") != "3" || r.header.Get("X-RateLimit-Remaining") != fmt.Sprint(2-n) || r.header.Get("X-RateLimit-Reset") != "60" {
			t.Errorf("request %d: %v", n, r.header)
		}
	}
	if r := carla.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 429, "richiesta.troppo_frequente"); r.header.Get("Retry-After") != "60" {
		t.Error(r.header.Get("Retry-After"))
	}
	daria.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
	i.dopo.Add(int64(time.Minute))
	carla.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
}

// Who may not do a thing is counted too, and is told so in the same words.
func TestRequestsThatAreRefusedCount(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Bordo.Ritmi = Ritmi{Operatore: 2} })
	revisora := i.chi("REVISORA")
	for range 2 {
		revisora.chiede(t, i, "GET", Base+"/agenda", "").vuole(t, 403, "vietato")
	}
	revisora.chiede(t, i, "GET", Base+"/agenda", "").vuole(t, 429, "richiesta.troppo_frequente")
}

func TestColleaguesOfAnAmbitoShareABound(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Bordo.Ritmi = Ritmi{Operatore: 4, Ambito: 5} })
	carla, daria, elena := i.chi("CARLA"), i.chi("DARIA"), i.chi("ELENA")
	chiede := func(c chi) risposta { return c.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`) }
	for range 3 {
		chiede(carla).vuole(t, 200, "")
	}
	chiede(daria).vuole(t, 200, "")
	if r := chiede(daria).vuole(t, 200, ""); r.header.Get("X-RateLimit-Limit") != "5" || r.header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("the narrowest bound is not told: %v", r.header)
	}
	chiede(daria).vuole(t, 429, "richiesta.troppo_frequente")
	chiede(elena).vuole(t, 200, "") // of another ambito
}

func TestSearchesByCodiceFiscaleAreFew(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Bordo.Ritmi = Ritmi{Operatore: 100, Esatte: 2} })
	carla := i.chi("CARLA")
	cerca := func(corpo string) risposta { return carla.chiede(t, i, "POST", Base+"/casi/ricerche", corpo) }
	esatta := `{"lista":"assegnati","codice_fiscale":"` + codice(t, "CANARINA", "BIAGIA", 1980) + `"}`
	for range 2 {
		cerca(esatta).vuole(t, 200, "")
	}
	if r := cerca(esatta).vuole(t, 429, "richiesta.troppo_frequente"); r.header.Get("X-RateLimit-Limit") != "2" {
		t.Errorf("%v", r.header)
	}
	cerca(`{"lista":"assegnati"}`).vuole(t, 200, "") // the others go on
	i.dopo.Add(int64(time.Minute))
	cerca(esatta).vuole(t, 200, "")
}

// A storm of log-ins that fail is answered 429, and keeps nobody out whose
// token is good, though it comes from the same address.
func TestAStormOfBadTokensKeepsOutNobodyElse(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Bordo.Ritmi = Ritmi{Operatore: 100, Anonimi: 5} })
	falso := chi{token: "a.b.c"}
	for range 5 {
		falso.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 401, "")
	}
	falso.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 429, "richiesta.troppo_frequente")
	chi{}.chiede(t, i, "GET", Base+"/nulla", "").vuole(t, 429, "richiesta.troppo_frequente")
	chi{}.chiede(t, i, "DELETE", Base+"/profili", "").vuole(t, 429, "richiesta.troppo_frequente")
	chi{}.chiede(t, i, "GET", "/livez", "").vuole(t, 429, "richiesta.troppo_frequente")
	i.chi("CARLA").chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
}

func TestWhatXForwardedForSaysIsBelievedOfProxiesAlone(t *testing.T) {
	a := &API{Bordo: Bordo{Proxy: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}}
	for _, c := range []struct{ altro, detto, chi string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "203.0.113.9", "192.0.2.1"},
		{"10.0.0.1:5", "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", "198.51.100.1, 203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", "203.0.113.9, 10.1.1.1", "203.0.113.9"},
		{"10.0.0.1:5", "10.1.1.1", "10.1.1.1"},
		{"10.0.0.1:5", "203.0.113.9, nonsense", "10.0.0.1"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"[fd00::1]:5", "2001:db8::7", "2001:db8::7"},
		{"[::ffff:10.0.0.1]:5", "203.0.113.9", "203.0.113.9"},
		{"nobody", "203.0.113.9", ""},
	} {
		r := richiestaDa(c.altro)
		if c.detto != "" {
			r.Header.Set("X-Forwarded-For", c.detto)
		}
		if got := a.client(r); got != c.chi {
			t.Errorf("%s, forwarded for %q, is %q, not %q", c.altro, c.detto, got, c.chi)
		}
	}
	i := nuovo(t, func(i *impianto) { i.Bordo.Ritmi = Ritmi{Anonimi: 2} })
	for n := range 3 {
		vuole := 200
		if n == 2 {
			vuole = 429 // another name every time helps nobody
		}
		chi{}.chiede(t, i, "GET", "/livez", "", "X-Forwarded-For", fmt.Sprint("203.0.113.", n), "X-Real-IP", "203.0.113.9", "Forwarded", "for=203.0.113.9").vuole(t, vuole, "")
	}
}

// A contatore holds only so many callers: those who come later share one place.
func TestACountHoldsBoundedMemory(t *testing.T) {
	var c contatore
	for n := range 3 * massimiContati {
		c.conta(strconv.Itoa(n), 10, mattina)
	}
	if len(c.chieste) > massimiContati+1 {
		t.Errorf("%d callers are held", len(c.chieste))
	}
	if c.conta("0", 10, mattina).restano() != 8 {
		t.Error("who was there before is counted with the rest")
	}
	if c.conta("somebody new", 10, mattina).restano() != 0 {
		t.Error("who comes late is not counted")
	}
	if rete(netip.MustParseAddr("2001:db8::1")) != rete(netip.MustParseAddr("2001:db8::2")) || rete(netip.MustParseAddr("192.0.2.1")) == rete(netip.MustParseAddr("192.0.2.2")) {
		t.Error("a network of IPv6 is other than one client")
	}
}
