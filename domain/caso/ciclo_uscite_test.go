package caso_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

// TestWhatPassedToAnotherEndsOnlyWhereItIsOfWhoLeaves lets the PaIS in force
// and the one that is being defined say different things of the same impegno
// and obiettivo when Pino leaves.
func TestWhatPassedToAnotherEndsOnlyWhereItIsOfWhoLeaves(t *testing.T) {
	impegno := func(chi ...id.Componente) caso.Impegno {
		i := corso
		i.Componenti = chi
		return i
	}
	obiettivo := func(chi ...id.Componente) caso.Obiettivo {
		return caso.Obiettivo{ID: id.Obiettivo{UUID: numero("0b07")}, Ambito: caso.CondizioneAbitativa, Descrizione: "una stanza", Componenti: chi}
	}
	diRosa, diPino := idDi(0), idDi(1)
	con := func(o caso.Obiettivo, i caso.Impegno) caso.Patto {
		return caso.Patto{Obiettivi: []caso.Obiettivo{casa, o}, Impegni: []caso.Impegno{i}, Sostegni: []caso.Sostegno{tirocinio}}
	}
	resta := caso.Patto{Obiettivi: []caso.Obiettivo{casa}, Sostegni: []caso.Sostegno{tirocinio}}
	finiti := events{uscitoPino, caso.ObiettivoRimosso{Obiettivo: obiettivo().ID, Motivo: caso.UscitaComponente}, caso.ImpegnoRimosso{Impegno: corso.ID, Motivo: caso.UscitaComponente}}
	for name, x := range map[string]struct {
		prima, poi     []id.Componente // whom the PaIS in force and the redefined one name
		then           events
		vigente, bozza caso.Patto
	}{
		"from who leaves":        {[]id.Componente{diPino}, []id.Componente{diRosa}, finiti, resta, con(obiettivo(diRosa), impegno(diRosa))},
		"to who leaves":          {[]id.Componente{diRosa}, []id.Componente{diPino}, finiti, con(obiettivo(diRosa), impegno(diRosa)), resta},
		"from who leaves to two": {[]id.Componente{diPino}, []id.Componente{diRosa, diPino}, finiti, resta, con(obiettivo(diRosa, diPino), impegno(diRosa, diPino))},
		"from two to one":        {[]id.Componente{diRosa, diPino}, []id.Componente{diRosa}, events{uscitoPino}, con(obiettivo(diRosa, diPino), impegno(diRosa, diPino)), con(obiettivo(diRosa), impegno(diRosa))},
	} {
		dati := oltre(definizione, caso.ObiettivoDefinito{Obiettivo: casa}, caso.ObiettivoDefinito{Obiettivo: obiettivo(x.prima...)},
			caso.ImpegnoDefinito{Impegno: impegno(x.prima...)}, caso.SostegnoPrevisto{Sostegno: tirocinio}, firmato,
			ridefinito, caso.ObiettivoModificato{Obiettivo: obiettivo(x.poi...)}, caso.ImpegnoModificato{Impegno: impegno(x.poi...)})
		domaintest.Run(t, caso.Decider, scenario{
			Name: name, Given: dati, When: aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(pino) }), Then: x.then,
		})
		got := caso.Decider.Fold(caso.State{}, oltre(dati, x.then...)...).PaIS
		if diff := cmp.Diff([]caso.Patto{x.vigente, x.bozza}, []caso.Patto{got.Vigente, got.Bozza}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
