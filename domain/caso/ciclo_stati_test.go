package caso_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/caso"
)

type comando = domain.Command[caso.State, caso.Event]

// strade are the ways from a state to the next, as rule 2.8 draws them.
var strade = map[caso.Stato][]caso.Stato{
	"":                   {caso.DaAvviare},
	caso.DaAvviare:       {caso.InValutazioneAP},
	caso.InValutazioneAP: {caso.InviatoCPI, caso.InviatoServizi, caso.InDefinizione, caso.InValutazioneQA},
	caso.InValutazioneQA: {caso.InDefinizione, caso.InValutazioneAP},
	caso.InDefinizione:   {caso.InMonitoraggio, caso.InValutazioneAP, caso.InValutazioneQA},
	caso.InMonitoraggio:  {},
	caso.InviatoCPI:      {caso.InValutazioneAP},
	caso.InviatoServizi:  {caso.InValutazioneAP},
	caso.Escluso:         {caso.Decaduto, caso.Chiuso},
	caso.Decaduto:        {caso.Chiuso},
	caso.Chiuso:          {},
}

// ammessa reports whether a step from one state to another is drawn. Work
// stops in every state, and goes on where it stopped.
func ammessa(da, lavoro, a caso.Stato) bool {
	switch {
	case da == a, slices.Contains(strade[da], a):
		return true
	case da.Aperto():
		return !a.Aperto() && a != ""
	}
	return a.Aperto() && a == lavoro
}

// TestEveryStateIsReachedAndLeftAsDrawn walks every way of rule 2.8.
func TestEveryStateIsReachedAndLeftAsDrawn(t *testing.T) {
	esonerati := events{
		caso.EsoneroRegistrato{Esonero: caso.Esonero{Componente: idDi(0), Motivo: caso.Tirocinio, Dal: aprile}},
		caso.EsoneroRegistrato{Esonero: caso.Esonero{Componente: idDi(1), Motivo: caso.Tirocinio, Dal: aprile}},
	}
	aperti := map[caso.Stato]events{
		caso.DaAvviare: avviare, caso.InValutazioneAP: pronta, caso.InValutazioneQA: oltre(inQA, composta), caso.InDefinizione: oltre(bozza, composta),
		caso.InMonitoraggio: monitoraggio, caso.InviatoCPI: inCPI, caso.InviatoServizi: inServizi,
	}
	escludi := caso.EscludiNucleo{Data: maggio, Oggi: oggi}
	escluso := oltre(inAP, slices.Concat(esonerati, events{caso.NucleoEsclusoDagliObblighi{Motivo: caso.TuttiEsonerati, Data: maggio}})...)
	decadi := caso.DecadiDalBeneficio{Variazione: dopo(90)}
	ripristinato := caso.BeneficioRipristinato{Variazione: dopo(90)}
	riapri := caso.RiapriCaso{Motivazione: "x", Ruolo: domain.CaseManager, Incarichi: diPalermo}
	riapriAP, rientro := caso.RiapriAP{Motivazione: "x"}, caso.RegistraRientro{Motivazione: "x", Data: maggio, Oggi: oggi}
	daCPI, daServizi := rientro, rientro
	daCPI.Da, daServizi.Da = caso.CPI, caso.Specialistico

	visti := map[caso.Stato]map[caso.Stato]bool{}
	va := func(dati events, cmd comando, a caso.Stato) {
		t.Helper()
		prima := caso.Decider.Fold(caso.State{}, dati...)
		decisi, err := cmd.Decide(prima)
		dopo := caso.Decider.Fold(prima, decisi...)
		if err != nil || dopo.Stato != a {
			t.Errorf("%T from %q: %v leads to %q, want %q", cmd, prima.Stato, err, dopo.Stato, a)
		}
		if !ammessa(prima.Stato, prima.Lavoro, dopo.Stato) {
			t.Errorf("nobody drew the way from %q to %q", prima.Stato, dopo.Stato)
		}
		for _, e := range decisi {
			if prima.Stato != dopo.Stato && prima.Stato.Dopo(e) == dopo.Stato && !caso.Muove(e) {
				t.Errorf("%T leads to %q, and is said to move nothing", e, dopo.Stato)
			}
		}
		if visti[prima.Stato] == nil {
			visti[prima.Stato] = map[caso.Stato]bool{}
		}
		visti[prima.Stato][dopo.Stato] = true
	}

	va(nil, caso.RiceviDomanda{Domanda: domanda, Oggi: oggi}, caso.DaAvviare)
	va(avviare, caso.AvviaAnalisiPreliminare{Data: marzo, Oggi: oggi}, caso.InValutazioneAP)
	va(pronta, finalizza(caso.EsitoA), caso.InviatoCPI)
	va(pronta, finalizza(caso.EsitoB), caso.InDefinizione)
	va(pronta, finalizza(caso.EsitoC), caso.InValutazioneQA)
	va(pronta, finalizza(caso.EsitoD), caso.InviatoServizi)
	va(inCPI, daCPI, caso.InValutazioneAP)
	va(inServizi, daServizi, caso.InValutazioneAP)
	va(oltre(inQA, composta), caso.FinalizzaQA{Sintesi: "x", Data: aprile, Oggi: oggi}, caso.InDefinizione)
	va(inQA, riapriAP, caso.InValutazioneAP)
	va(bozza, riapriAP, caso.InValutazioneAP)
	va(definizioneC, caso.RiapriQA{Motivazione: "x"}, caso.InValutazioneQA)
	va(bozza, sottoscrivi(1, aprile), caso.InMonitoraggio)
	va(ridefinizione, sottoscrivi(2, maggio), caso.InMonitoraggio)
	va(monitoraggio, caso.ConcludiPaIS{Esito: "RAGGIUNTO", Data: maggio, Oggi: oggi}, caso.Chiuso)
	for stato, dati := range aperti {
		va(dati, chiudi(caso.ChiusoPerRinuncia), caso.Chiuso)
		va(dati, decadi, caso.Decaduto)
		va(oltre(dati, esonerati...), escludi, caso.Escluso)
		va(oltre(dati, chiusura), riapri, stato)
		va(oltre(dati, caso.BeneficioDecaduto{Variazione: dopo(90)}, ripristinato), riapri, stato)
		va(oltre(dati, slices.Concat(esonerati, events{caso.NucleoEsclusoDagliObblighi{Motivo: caso.TuttiEsonerati, Data: maggio}})...), riapri, stato)
	}
	va(escluso, decadi, caso.Decaduto)
	va(escluso, chiudi(caso.ChiusoPerEscluso), caso.Chiuso)
	va(decaduto, chiudi(caso.ChiusoPerDecadere), caso.Chiuso)
	va(chiuso, decadi, caso.Chiuso)

	for da, mete := range strade {
		for _, a := range mete {
			if !visti[da][a] {
				t.Errorf("nothing walks from %q to %q", da, a)
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(strade)), slices.Sorted(maps.Keys(visti))); diff != "" {
		t.Errorf("states that are drawn (-) and left (+)\n%s", diff)
	}
}

func TestMostEventsMoveNothing(t *testing.T) {
	for _, e := range []caso.Event{caso.RecapitiAggiornati{}, caso.BeneficioSospeso{}, adAnna, caso.AnnotazioneInserita{}} {
		if caso.Muove(e) {
			t.Errorf("%T is said to lead to another state", e)
		}
	}
}

func TestEveryStateHasALabel(t *testing.T) {
	for s := range strade {
		if (s.Etichetta() == "") != (s == "") {
			t.Errorf("%q is shown as %q", s, s.Etichetta())
		}
	}
}

func TestACaseIsOfWhoIsResponsibleAndOfNobodyElse(t *testing.T) {
	for _, x := range []struct {
		dati        events
		anna, bruno bool
	}{{waiting, false, false}, {avviare, true, false}, {chiuso, true, false}, {oltre(avviare, aBruno), false, true}, {oltre(avviare, toltoAnna), false, false}} {
		st := caso.Decider.Fold(caso.State{}, x.dati...)
		if st.Di(anna) != x.anna || st.Di(bruno) != x.bruno || st.Di(caso.Assegnazione{}.CaseManager) {
			t.Errorf("after %T: Anna %v, Bruno %v", x.dati[len(x.dati)-1], st.Di(anna), st.Di(bruno))
		}
	}
}
