package caso_test

import (
	"slices"
	"strings"
	"testing"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

func TestAvviaAnalisiPreliminare(t *testing.T) {
	avvia := func(cambia ...func(*caso.AvviaAnalisiPreliminare)) caso.AvviaAnalisiPreliminare {
		c := caso.AvviaAnalisiPreliminare{Data: marzo, Luogo: caso.Sede, Presenti: avviata.Presenti, Oggi: oggi}
		for _, f := range cambia {
			f(&c)
		}
		return c
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "begins it", Given: avviare, When: avvia(), Then: events{avviata}},
		scenario{Name: "begins it once", Given: pronta, When: avvia()},
		scenario{Name: "does not begin another", Given: pronta, When: avvia(func(c *caso.AvviaAnalisiPreliminare) { c.Data++ }), Err: caso.ErrAPAvviata},
		scenario{Name: "does not begin it ahead", Given: avviare, When: avvia(func(c *caso.AvviaAnalisiPreliminare) { c.Data = oggi + 1 }), Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "does not begin it anywhere", Given: avviare, When: avvia(func(c *caso.AvviaAnalisiPreliminare) { c.Luogo = "BAR" }), Err: caso.ErrLuogo, Field: "luogo"},
		scenario{Name: "does not begin it with strangers", Given: avviare, When: avvia(func(c *caso.AvviaAnalisiPreliminare) { c.Presenti = []id.Componente{idDi(3)} }), Err: caso.ErrFuoriNucleo, Field: "presenti"},
		scenario{Name: "does not name a person twice", Given: avviare, When: avvia(func(c *caso.AvviaAnalisiPreliminare) { c.Presenti = []id.Componente{idDi(0), idDi(0)} }), Err: caso.ErrFuoriNucleo, Field: "presenti"},
		scenario{Name: "does not begin it on a closed case", Given: oltre(avviare, chiusura), When: avvia(), Err: caso.ErrNonAperto},
		scenario{Name: "needs a case", When: avvia(), Err: caso.ErrInesistente},
	)
}

func TestSalvaSezioneAP(t *testing.T) {
	salva := func(revisione int, cambia ...func(*caso.Sezione)) caso.SalvaSezioneAP {
		z := sezione(caso.Reti, revisione)
		for _, f := range cambia {
			f(&z)
		}
		return caso.SalvaSezioneAP{Sezione: z}
	}
	salvata := func(z caso.SalvaSezioneAP) events {
		z.Revisione++
		return events{caso.SezioneAPSalvata(z)}
	}
	altroTesto := func(z *caso.Sezione) { z.Contenuto.Testo = "rete di vicinato" }
	diLia := func(z *caso.Sezione) { z.Componente, z.Punteggio = idDi(2), &due }
	voci := func(v ...caso.Voce) func(*caso.Sezione) { return func(z *caso.Sezione) { z.Contenuto.Voci = v } }
	refused := func(name string, err error, field string, cambia func(*caso.Sezione)) scenario {
		return scenario{Name: name, Given: inAP, When: salva(0, cambia), Err: err, Field: field}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "keeps it", Given: inAP, When: salva(0), Then: salvata(salva(0))},
		scenario{Name: "keeps one of a person beside that of the nucleo", Given: pronta, When: salva(0, diLia), Then: salvata(salva(0, diLia))},
		scenario{Name: "keeps the next revision", Given: pronta, When: salva(1, altroTesto), Then: salvata(salva(1, altroTesto))},
		scenario{Name: "keeps nothing that is so already", Given: pronta, When: salva(1)},
		scenario{Name: "refuses what was written on an older revision", Given: oltre(pronta, salvata(salva(1, altroTesto))...), When: salva(1, diNessuno), Err: caso.ErrSezioneRevisione, Field: "revisione"},
		scenario{Name: "keeps nothing after the outcome", Given: inQA, When: salva(1, altroTesto), Err: caso.ErrAPNonAperta},
		scenario{Name: "keeps nothing before the AP", Given: avviare, When: salva(0), Err: caso.ErrAPNonAperta},
		scenario{Name: "needs a case", When: salva(0), Err: caso.ErrInesistente},
		refused("no such section", caso.ErrSezione, "sezione", func(z *caso.Sezione) { z.Sezione = "SALUTE" }),
		refused("a stranger", caso.ErrFuoriNucleo, "componente_id", func(z *caso.Sezione) { z.Componente = idDi(3) }),
		refused("a score above three", caso.ErrPunteggio, "punteggio", func(z *caso.Sezione) { z.Punteggio = intero(4) }),
		refused("a score below zero", caso.ErrPunteggio, "punteggio", func(z *caso.Sezione) { z.Punteggio = intero(-1) }),
		refused("a book", caso.ErrTestoTroppoLungo, "testo", func(z *caso.Sezione) { z.Contenuto.Testo = prolisso }),
		refused("no source", caso.ErrFonteSezione, "fonte", func(z *caso.Sezione) { z.Contenuto.Fonte = "" }),
		refused("nothing", caso.ErrSezioneVuota, "contenuto", func(z *caso.Sezione) { z.Contenuto.Testo = " " }),
		refused("an answer without code", caso.ErrVoci, "voci", voci(caso.Voce{Codice: "vani", Valore: "2"})),
		refused("an answer without value", caso.ErrVoci, "voci", voci(caso.Voce{Codice: "VANI"})),
		refused("an answer twice", caso.ErrVoci, "voci", voci(caso.Voce{Codice: "VANI", Valore: "2"}, caso.Voce{Codice: "VANI", Valore: "3"})),
		refused("too many answers", caso.ErrVoci, "voci", voci(make([]caso.Voce, 101)...)),
		refused("answers like a book", caso.ErrTestoTroppoLungo, "voci", voci(caso.Voce{Codice: "VANI", Valore: prolisso})),
	)
}

func diNessuno(z *caso.Sezione) { z.Contenuto.Testo = "sola" }

func intero(n int) *int { return &n }

// finalizza is an outcome in April.
func finalizza(e caso.Esito, cambia ...func(*caso.FinalizzaAP)) caso.FinalizzaAP {
	c := caso.FinalizzaAP{Esito: e, Motivazione: motivato, Data: aprile, Oggi: oggi}
	for _, f := range cambia {
		f(&c)
	}
	return c
}

func TestFinalizzaAP(t *testing.T) {
	aCPI := caso.Destinazione{Tipo: caso.CPI, Codice: "PA-01"}
	inviato := finalizzata(caso.EsitoA, caso.InviatoCPI)
	inviato.InviatoA, inviato.ComponentiAttivabili = aCPI, []id.Componente{idDi(1)}
	verso := func(d caso.Destinazione) func(*caso.FinalizzaAP) {
		return func(c *caso.FinalizzaAP) { c.InviatoA = d }
	}
	assente := incontrato
	assente.Tipo = caso.GiustificatoMotivo
	senzaReti := pronta[:len(pronta)-1]
	retiDiPino := caso.SezioneAPSalvata{Sezione: sezione(caso.Reti, 1)}
	retiDiPino.Componente = idDi(1)
	adi := slices.Clone(pronta)
	domandaADI := ricevuta
	domandaADI.Misura, domandaADI.IDDomanda = caso.ADI, "INPS-ADI-2024-1"
	adi[0] = domandaADI
	perADI := esitoB
	perADI.LineeGuida = "2024"
	refused := func(name string, err error, field string, cambia func(*caso.FinalizzaAP)) scenario {
		return scenario{Name: name, Given: pronta, When: finalizza(caso.EsitoB, cambia), Err: err, Field: field}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "sends to the job centre", Given: pronta, When: finalizza(caso.EsitoA, verso(aCPI), func(c *caso.FinalizzaAP) { c.ComponentiAttivabili = []id.Componente{idDi(1)} }), Then: events{inviato}},
		scenario{Name: "leads to the PaIS", Given: pronta, When: finalizza(caso.EsitoB), Then: events{esitoB}},
		scenario{Name: "leads to the QA", Given: pronta, When: finalizza(caso.EsitoC), Then: events{esitoC}},
		scenario{Name: "sends to specialist services", Given: pronta, When: finalizza(caso.EsitoD), Then: events{finalizzata(caso.EsitoD, caso.InviatoServizi)}},
		scenario{Name: "reads the outcome by the guidelines of the measure", Given: adi, When: finalizza(caso.EsitoB), Then: events{perADI}},
		scenario{Name: "counts a domain saved of a person", Given: oltre(senzaReti, retiDiPino), When: finalizza(caso.EsitoB), Then: events{esitoB}},
		scenario{Name: "counts none of a person who left", Given: oltre(senzaReti, retiDiPino, uscitoPino), When: finalizza(caso.EsitoB), Err: caso.ErrSezioniMancanti},
		scenario{Name: "is given once", Given: definizione, When: finalizza(caso.EsitoB)},
		scenario{Name: "is not given anew", Given: definizione, When: finalizza(caso.EsitoC), Err: caso.ErrAPNonAperta},
		scenario{Name: "waits for all domains", Given: senzaReti, When: finalizza(caso.EsitoB), Err: caso.ErrSezioniMancanti},
		scenario{Name: "waits for a meeting", Given: oltre(inAP, sezioni()...), When: finalizza(caso.EsitoB), Err: caso.ErrSenzaIncontri},
		scenario{Name: "does not take an absence for a meeting", Given: oltre(inAP, oltre(sezioni(), assente)...), When: finalizza(caso.EsitoB), Err: caso.ErrSenzaIncontri},
		refused("no outcome", caso.ErrEsito, "esito", func(c *caso.FinalizzaAP) { c.Esito = "E" }),
		refused("other guidelines", caso.ErrLineeGuida, "linee_guida", func(c *caso.FinalizzaAP) { c.LineeGuida = "2024" }),
		refused("nineteen letters", caso.ErrMotivazioneBreve, "motivazione", func(c *caso.FinalizzaAP) { c.Motivazione = strings.Repeat("à", 19) }),
		refused("twenty blanks", caso.ErrMotivazioneBreve, "motivazione", func(c *caso.FinalizzaAP) { c.Motivazione = strings.Repeat(" ", 20) }),
		refused("a book", caso.ErrMotivazioneBreve, "motivazione", func(c *caso.FinalizzaAP) { c.Motivazione = prolisso }),
		refused("a destination without being sent", caso.ErrDestinazione, "inviato_a", verso(aCPI)),
		refused("a day ahead", caso.ErrDataStrumento, "data", func(c *caso.FinalizzaAP) { c.Data = oggi + 1 }),
		refused("a day before it began", caso.ErrDataStrumento, "data", func(c *caso.FinalizzaAP) { c.Data = marzo - 1 }),
		refused("a stranger at work", caso.ErrFuoriNucleo, "componenti_attivabili", func(c *caso.FinalizzaAP) { c.ComponentiAttivabili = []id.Componente{idDi(4)} }),
		scenario{Name: "a destination of another kind", Given: pronta, When: finalizza(caso.EsitoD, verso(aCPI)), Err: caso.ErrDestinazione, Field: "inviato_a"},
		scenario{Name: "needs a case", When: finalizza(caso.EsitoB), Err: caso.ErrInesistente},
	)
}

func TestTheAPIsOpenedAgain(t *testing.T) {
	riaperta := caso.AnalisiPreliminareRiaperta{Motivazione: "nuovi elementi"}
	riapri := caso.RiapriAP{Motivazione: "nuovi elementi"}
	rientra := func(da caso.Servizio) caso.RegistraRientro {
		return caso.RegistraRientro{Da: da, Motivazione: "percorso concluso", Data: maggio, Oggi: oggi}
	}
	rientrato := func(da caso.Servizio) events {
		return events{caso.RientroDaServizioRegistrato{Da: da, Motivazione: "percorso concluso", Data: maggio}}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "from the QA", Given: inQA, When: riapri, Then: events{riaperta}},
		scenario{Name: "from the definition", Given: bozza, When: riapri, Then: events{riaperta}},
		scenario{Name: "from the job centre", Given: inCPI, When: riapri, Then: events{riaperta}},
		scenario{Name: "from the services", Given: inServizi, When: riapri, Then: events{riaperta}},
		scenario{Name: "not while it is open", Given: inAP, When: riapri},
		scenario{Name: "not before it began", Given: avviare, When: riapri, Err: caso.ErrAPNonRiapribile},
		scenario{Name: "not after the signature", Given: monitoraggio, When: riapri, Err: caso.ErrAPNonRiapribile},
		scenario{Name: "not without a reason", Given: inQA, When: caso.RiapriAP{}, Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "not without a case", When: riapri, Err: caso.ErrInesistente},
		scenario{Name: "when the job centre sends the nucleo back", Given: inCPI, When: rientra(caso.CPI), Then: rientrato(caso.CPI)},
		scenario{Name: "when the services send the nucleo back", Given: inServizi, When: rientra(caso.Specialistico), Then: rientrato(caso.Specialistico)},
		scenario{Name: "not by a service that does not have the nucleo", Given: inCPI, When: rientra(caso.Specialistico), Err: caso.ErrNonInviato, Field: "da"},
		scenario{Name: "not by the job centre when the services have it", Given: inServizi, When: rientra(caso.CPI), Err: caso.ErrNonInviato, Field: "da"},
		scenario{Name: "not by a service that is none", Given: inCPI, When: rientra("ASL"), Err: caso.ErrServizio, Field: "da"},
		scenario{Name: "not in silence", Given: inCPI, When: caso.RegistraRientro{Da: caso.CPI, Data: maggio, Oggi: oggi}, Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "not ahead", Given: inCPI, When: caso.RegistraRientro{Da: caso.CPI, Motivazione: "x", Data: oggi + 1, Oggi: oggi}, Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "not before the nucleo was sent", Given: inCPI, When: caso.RegistraRientro{Da: caso.CPI, Motivazione: "x", Data: marzo, Oggi: oggi}, Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "no return without a case", When: rientra(caso.CPI), Err: caso.ErrInesistente},
	)
	st := caso.Decider.Fold(caso.State{}, slices.Concat(definizioneC, events{riaperta})...)
	if st.AP.Finalizzata() || st.QA.Finalizzato() || !st.QA.Superato || len(st.AP.Sezioni) != 6 {
		t.Errorf("AP %+v, QA %+v", st.AP, st.QA)
	}
}

func TestAnOutcomeBeyondTheJobCentreIsTakenIntoCare(t *testing.T) {
	for _, x := range []struct {
		dati events
		want bool
	}{{inAP, false}, {inCPI, false}, {definizione, true}, {inQA, true}, {inServizi, true}} {
		if got := caso.Decider.Fold(caso.State{}, x.dati...).AP.PresoInCarico(); got != x.want {
			t.Errorf("after %+v: %v", x.dati[len(x.dati)-1], got)
		}
	}
}
