package sigilli_test

import (
	"errors"
	"slices"
	"testing"

	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
)

// A cluster that is scavenged has nothing left of a stream that ended. That is no
// deletion, as far as the event says that ended it; whatever else is missing, or
// was changed, is found out all the same.
func TestStreamsThatEndedMayBeGone(t *testing.T) {
	fine := func(r *registro, n uint64) map[string]sigilli.Fine {
		return map[string]sigilli.Fine{"prova-0": {Eventi: n, Testa: r.teste["prova-0"].Self}}
	}
	tutta := func(e eventstore.Stored) bool { return e.Stream == "prova-0" }
	for _, c := range []struct {
		nome     string
		eventi   uint64 // that its end says it had; 0: nothing says that it ended
		via      func(e eventstore.Stored) bool
		colpisci func(r *registro)
		foglie   bool
		gone     int64 // when that is all right
	}{
		{nome: "all of it is gone", eventi: 6, via: tutta, foglie: true, gone: 6},
		{nome: "all of it is there", eventi: 6, foglie: true},
		{nome: "its first half is gone", eventi: 6, via: func(e eventstore.Stored) bool { return tutta(e) && e.Version < 4 }, foglie: true, gone: 3},
		{nome: "one from its midst is gone", eventi: 6, via: func(e eventstore.Stored) bool { return tutta(e) && e.Version == 3 }, foglie: true, gone: 1},
		{nome: "nothing says that it ended", via: tutta, foglie: true},
		{nome: "its end says of fewer", eventi: 5, via: tutta, foglie: true},
		{nome: "its end says of more", eventi: 7, via: tutta, foglie: true},
		{nome: "no leaves were kept", eventi: 6, via: tutta},
		{nome: "the last of another stream is gone, too", eventi: 6, via: func(e eventstore.Stored) bool { return tutta(e) || e.Stream == "prova-1" && e.Version == 12 }, foglie: true},
		{nome: "the last of another stream is gone, and one of it is left", eventi: 6, via: func(e eventstore.Stored) bool {
			return tutta(e) && e.Version != 6 || e.Stream == "prova-1" && e.Version == 12
		}, foglie: true},
		{nome: "the first of another stream is gone, too", eventi: 6, via: func(e eventstore.Stored) bool { return tutta(e) || e.Stream == "prova-1" && e.Version == 1 }, foglie: true},
		{nome: "one of another was edited, and the chain made anew", eventi: 6, via: tutta, foglie: true, colpisci: func(r *registro) {
			i := slices.IndexFunc(r.eventi, func(e eventstore.Stored) bool { return e.Stream == "prova-1" && e.Version == 4 })
			r.eventi[i].Data = []byte(`{"testo":"altro","numero":7}`)
			r.riscrivi(t, "prova-1")
		}},
		{nome: "what is left of it was edited", eventi: 6, via: func(e eventstore.Stored) bool { return tutta(e) && e.Version < 6 }, foglie: true, colpisci: func(r *registro) {
			i := slices.IndexFunc(r.eventi, func(e eventstore.Stored) bool { return e.Stream == "prova-0" })
			r.eventi[i].Data = []byte(`{"testo":"altro","numero":7}`)
		}},
		{nome: "an event was put in", eventi: 6, via: tutta, foglie: true, colpisci: func(r *registro) {
			e := r.eventi[2]
			e.Stream, e.Version = "prova-9", 1
			r.eventi = slices.Insert(r.eventi, 3, e)
			r.riscrivi(t, "prova-9")
		}},
		{nome: "the log ends before the last seal", eventi: 6, via: func(e eventstore.Stored) bool { return tutta(e) || e.Position > 1500 }, foglie: true},
	} {
		r := pieno(t)
		v := r.verifica(c.foglie)
		if c.eventi > 0 {
			v.Scaduti = fine(r, c.eventi)
		}
		tutti := int64(len(r.eventi))
		if c.via != nil {
			r.eventi = slices.DeleteFunc(r.eventi, c.via)
		}
		if c.colpisci != nil {
			c.colpisci(r)
		}
		bene := c.gone > 0 || c.via == nil
		esito, err := v.Esegui(t.Context())
		var a *sigilli.Alterazione
		switch {
		case bene && (err != nil || esito.Scaduti != c.gone || esito.Eventi+esito.Scaduti != tutti || esito.Sigilli != 3):
			t.Errorf("%s: %+v %v", c.nome, esito, err)
		case !bene && !errors.As(err, &a):
			t.Errorf("%s: not found out (%v)", c.nome, err)
		}
	}
}

// What came after the last seal nobody signed: none of it may be gone.
func TestNothingIsGoneAfterTheLastSeal(t *testing.T) {
	r := pieno(t)
	r.scrivi(t, "prova-0", storetest.Fine{})
	r.scrivi(t, "prova-1", storetest.Fine{})
	v := r.verifica(true)
	v.Scaduti = map[string]sigilli.Fine{"prova-0": {Eventi: 7, Testa: r.teste["prova-0"].Self}}
	r.eventi = slices.DeleteFunc(r.eventi, func(e eventstore.Stored) bool { return e.Stream == "prova-0" })
	var a *sigilli.Alterazione
	if _, err := v.Esegui(t.Context()); !errors.As(err, &a) {
		t.Error(err)
	}
}
