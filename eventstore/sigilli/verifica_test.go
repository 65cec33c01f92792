package sigilli_test

import (
	"errors"
	"slices"
	"testing"

	"nucleo/domain"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
)

func TestALogThatNobodyChangedHolds(t *testing.T) {
	r := pieno(t)
	r.scrivi(t, "prova-1", storetest.Fine{})
	for _, conFoglie := range []bool{false, true} {
		got, err := r.verifica(conFoglie).Esegui(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := sigilli.Esito{Eventi: 22, Flussi: 3, Sigilli: 3, Altrove: 3, Scoperti: 2, Ultimo: got.Ultimo}
		if got != want || got.Ultimo.Dimensione != 20 {
			t.Errorf("with leaves %v: %+v", conFoglie, got)
		}
	}
}

// riscrivi computes the chain of a stream anew, as somebody would who changed
// an event and knows the formula.
func (r *registro) riscrivi(t testing.TB, flusso string) {
	t.Helper()
	var at domain.Head
	for i, e := range r.eventi {
		if e.Stream != flusso {
			continue
		}
		r.eventi[i], at = storetest.Rechain(e, at)
	}
}

// Whoever changes the log and does it well computes the chains anew. The seals
// say so; the leaves that were kept say where.
func TestAChangedLogIsFoundOutWithItsPlaceAndKind(t *testing.T) {
	type colpo struct {
		nome     string
		colpisci func(r *registro)
		genere   sigilli.Genere // with leaves
		flusso   string
		numero   uint64
		senza    sigilli.Genere // without
	}
	tolgo := func(i int) func(*registro) {
		return func(r *registro) { r.eventi = slices.Delete(r.eventi, i, i+1) }
	}
	for _, c := range []colpo{
		{nome: "edited", colpisci: func(r *registro) { r.eventi[8].Data = []byte(`{"testo":"altro","numero":7}`) },
			genere: sigilli.Modificato, flusso: "prova-1", numero: 5, senza: sigilli.Riscritto},
		{nome: "deleted, the last of its stream", colpisci: func(r *registro) { r.eventi = slices.Delete(r.eventi, 18, 19) },
			genere: sigilli.Tolto, senza: sigilli.Tolto},
		{nome: "swapped", colpisci: func(r *registro) {
			r.eventi[2], r.eventi[3] = r.eventi[3], r.eventi[2]
			r.eventi[2].Position, r.eventi[3].Position = 300, 400
		}, genere: sigilli.Scambiato, flusso: "prova-0", numero: 2, senza: sigilli.Riscritto},
		{nome: "inserted", colpisci: func(r *registro) {
			e := r.eventi[4]
			e.Stream, e.Version, e.Position = "prova-9", 1, 450
			r.eventi = slices.Insert(r.eventi, 4, e)
			r.riscrivi(t, "prova-9")
		}, genere: sigilli.Inserito, flusso: "prova-9", numero: 1, senza: sigilli.Inserito},
		{nome: "rolled back", colpisci: func(r *registro) { r.eventi = r.eventi[:10] },
			genere: sigilli.Arretrato, senza: sigilli.Arretrato},
		{nome: "the last seal taken away", colpisci: tolgo(20), genere: sigilli.Arretrato, senza: sigilli.Arretrato},
	} {
		for _, conFoglie := range []bool{true, false} {
			r := pieno(t)
			v := r.verifica(conFoglie)
			c.colpisci(r)
			for _, f := range []string{"prova-0", "prova-1", "prova-2"} {
				r.riscrivi(t, f)
			}
			_, err := v.Esegui(t.Context())
			var a *sigilli.Alterazione
			if !errors.As(err, &a) {
				t.Errorf("%s: not found out (%v)", c.nome, err)
				continue
			}
			want := c.genere
			if !conFoglie {
				want = c.senza
			}
			if a.Genere != want || conFoglie && c.flusso != "" && (a.Flusso != c.flusso || a.Numero != c.numero) {
				t.Errorf("%s, with leaves %v: %v", c.nome, conFoglie, err)
			}
		}
	}
}

// Without the chain computed anew, the chain says it.
func TestABrokenChainIsNamedWithPositionAndInstant(t *testing.T) {
	r := pieno(t)
	v := r.verifica(false)
	r.eventi[8].Data = []byte(`{"testo":"altro","numero":7}`)
	_, err := v.Esegui(t.Context())
	var a *sigilli.Alterazione
	if !errors.As(err, &a) || a.Genere != sigilli.Modificato || a.Posizione != 900 || a.Numero != 5 || !a.Istante.Equal(storetest.Alle) {
		t.Error(err)
	}
}

func TestSealsAndTheSecondPlaceAreHeldAgainstOneAnother(t *testing.T) {
	for _, c := range []struct {
		nome     string
		colpisci func(r *registro)
		want     sigilli.Genere
	}{
		{"a note edited", func(r *registro) { r.note[1] = r.note[1][:20] + "A" + r.note[1][21:] }, sigilli.Altrove},
		{"notes swapped", func(r *registro) { r.note[0], r.note[1] = r.note[1], r.note[0] }, sigilli.Altrove},
		{"a note taken away", func(r *registro) { r.note = slices.Delete(r.note, 1, 2) }, sigilli.Altrove},
		{"the last two taken away", func(r *registro) { r.note = r.note[:1] }, sigilli.Altrove},
		{"all taken away", func(r *registro) { r.note = nil }, sigilli.Altrove},
		{"a seal signed by another", func(r *registro) {
			altro := nuovo(t)
			r.firma = altro.firma
			r.scrivi(t, "prova-0", storetest.Fine{})
			r.sigilla(t)
			r.note = r.note[:3]
		}, sigilli.SigilloFalso},
		{"a log that went on otherwise", func(r *registro) {
			note := r.note
			*r = *rifatto(t, r)
			r.note = note
		}, sigilli.Arretrato},
	} {
		r := pieno(t)
		c.colpisci(r)
		_, err := r.verifica(false).Esegui(t.Context())
		var a *sigilli.Alterazione
		if !errors.As(err, &a) || a.Genere != c.want {
			t.Errorf("%s: %v", c.nome, err)
		}
	}
}

// rifatto is the log rolled back to its first seal, and written on, by the
// holder of the key.
func rifatto(t *testing.T, r *registro) *registro {
	altro := nuovo(t)
	altro.firma, altro.chiavi = r.firma, r.chiavi
	for _, e := range r.eventi[:7] {
		altro.aggiungi(e)
	}
	altro.note = r.note[:1:1]
	for range 20 {
		altro.scrivi(t, "prova-0", storetest.Nota{Testo: "dopo"})
	}
	altro.sigilla(t)
	return altro
}

// The second place is written after the log: of a program that stopped in
// between, it lacks the last seal, and nobody did anything.
func TestTheLastNoteMayBeMissing(t *testing.T) {
	r := pieno(t)
	r.note = r.note[:2]
	got, err := r.verifica(true).Esegui(t.Context())
	if err != nil || got.Indietro != 1 {
		t.Errorf("%+v %v", got, err)
	}
}

// Leaves that lead to no signed root are not believed.
func TestForgedLeavesMisleadNobody(t *testing.T) {
	r := pieno(t)
	v := r.verifica(true)
	foglie, _ := v.Foglie(t.Context(), 0, v.NumeroFoglie)
	foglie[3][0]++
	if _, err := v.Esegui(t.Context()); err != nil {
		t.Errorf("a log that is right is accused: %v", err)
	}
}
