package caso_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
)

// chiudi is a closing in May, by the case manager.
func chiudi(motivo caso.MotivoChiusura, cambia ...func(*caso.ChiudiCaso)) caso.ChiudiCaso {
	c := caso.ChiudiCaso{Motivo: motivo, Data: maggio, Ruolo: domain.CaseManager, Oggi: oggi}
	for _, f := range cambia {
		f(&c)
	}
	return c
}

func TestChiudiCaso(t *testing.T) {
	daCoordinatore := func(c *caso.ChiudiCaso) { c.Ruolo = domain.CoordinatorePaIS }
	sola := oltre(avviare, caso.ComposizioneNucleoAggiornata{
		Rimossi: []caso.Rimosso{{Componente: idDi(1), Motivo: "DECESSO"}, {Componente: idDi(2), Motivo: "USCITA_NUCLEO"}}, DataDecorrenza: marzo, Fonte: caso.FonteINPS,
	})
	doppione := caso.CasoChiuso{Motivo: caso.ChiusoPerDoppione, Data: maggio}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "ends the work", Given: monitoraggio, When: chiudi(caso.ChiusoPerRinuncia), Then: events{chiusura}},
		scenario{Name: "ends it on a lost benefit", Given: decaduto, When: chiudi(caso.ChiusoPerDecadere), Then: events{caso.CasoChiuso{Motivo: caso.ChiusoPerDecadere, Data: maggio}}},
		scenario{Name: "ends it once", Given: chiuso, When: chiudi(caso.ChiusoPerDoppione)},
		scenario{Name: "ends it when the only person died", Given: sola, When: chiudi(caso.ChiusoPerDecesso), Then: events{caso.CasoChiuso{Motivo: caso.ChiusoPerDecesso, Data: maggio}}},
		scenario{Name: "does not end it when others live", Given: avviare, When: chiudi(caso.ChiusoPerDecesso), Err: caso.ErrNonMonocomponente, Field: "motivo"},
		scenario{Name: "lets a coordinator close a double that waits", Given: waiting, When: chiudi(caso.ChiusoPerDoppione, daCoordinatore), Then: events{doppione}},
		scenario{Name: "lets a coordinator close no double that is assigned", Given: avviare, When: chiudi(caso.ChiusoPerDoppione, daCoordinatore), Err: caso.ErrChiudeIlCM},
		scenario{Name: "says so to a coordinator of a closed one too", Given: chiuso, When: chiudi(caso.ChiusoPerDoppione, daCoordinatore), Err: caso.ErrChiudeIlCM},
		scenario{Name: "lets a coordinator close a waiting double once", Given: oltre(waiting, doppione), When: chiudi(caso.ChiusoPerDoppione, daCoordinatore)},
		scenario{Name: "lets a coordinator close for no other reason", Given: waiting, When: chiudi(caso.ChiusoPerRinuncia, daCoordinatore), Err: caso.ErrChiudeIlCM},
		scenario{Name: "is not how a PaIS is concluded", Given: monitoraggio, When: chiudi(caso.ChiusoPerPaIS), Err: caso.ErrMotivoChiusura, Field: "motivo"},
		scenario{Name: "wants words for any other reason", Given: avviare, When: chiudi(caso.ChiusoPerAltro), Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "wants no book", Given: avviare, When: chiudi(caso.ChiusoPerRinuncia, func(c *caso.ChiudiCaso) { c.Motivazione = prolisso }), Err: caso.ErrTestoTroppoLungo, Field: "motivazione"},
		scenario{Name: "does not lie ahead", Given: avviare, When: chiudi(caso.ChiusoPerRinuncia, func(c *caso.ChiudiCaso) { c.Data = oggi + 1 }), Err: caso.ErrData, Field: "data"},
		scenario{Name: "needs a case", When: chiudi(caso.ChiusoPerRinuncia), Err: caso.ErrInesistente},
	)
}

func TestRiapriCaso(t *testing.T) {
	riapri := func(ruolo domain.Ruolo, incarichi []caso.Incarico) caso.RiapriCaso {
		return caso.RiapriCaso{Motivazione: "rientra", Ruolo: ruolo, Incarichi: incarichi}
	}
	in := func(s caso.Stato) caso.CasoRiaperto {
		return caso.CasoRiaperto{StatoRipristinato: s, Motivazione: "rientra"}
	}
	tolta := caso.Annullata{CaseManager: anna, Motivo: caso.RevocaAccreditamento}
	escluso := caso.NucleoEsclusoDagliObblighi{Motivo: caso.TuttiEsonerati, Data: aprile}
	ripristinato := caso.BeneficioRipristinato{Variazione: dopo(60)}
	cm, co := riapri(domain.CaseManager, diPalermo), riapri(domain.CoordinatorePaIS, diPalermo)
	domaintest.Run(t, caso.Decider,
		scenario{Name: "goes on where the case stood", Given: chiuso, When: cm, Then: events{in(caso.InMonitoraggio)}},
		scenario{Name: "goes on with an AP that has no outcome", Given: oltre(pronta, chiusura), When: cm, Then: events{in(caso.InValutazioneAP)}},
		scenario{Name: "starts from the beginning when nothing was begun", Given: oltre(avviare, chiusura), When: cm, Then: events{in(caso.DaAvviare)}},
		scenario{Name: "takes an excluded nucleo back", Given: oltre(inQA, escluso), When: cm, Then: events{in(caso.InValutazioneQA)}},
		scenario{Name: "takes a nucleo back to work that was excluded and then closed", Given: oltre(inAP, escluso, chiusura), When: cm, Then: events{in(caso.InValutazioneAP)}},
		scenario{Name: "changes nothing on an open case", Given: inAP, When: cm},
		scenario{Name: "waits for INPS to restore the benefit", Given: decaduto, When: cm, Err: caso.ErrDecaduto},
		scenario{Name: "waits for it on a closed case too", Given: oltre(decaduto, chiusura), When: cm, Err: caso.ErrDecaduto},
		scenario{Name: "follows a restored benefit", Given: oltre(decaduto, ripristinato), When: cm, Then: events{in(caso.InMonitoraggio)}},
		scenario{Name: "is done by a coordinator on a waiting case", Given: oltre(waiting, chiusura), When: co, Then: events{in(caso.DaAvviare)}},
		scenario{Name: "is not done by a coordinator when there is a case manager", Given: chiuso, When: co, Err: caso.ErrRiapreIlCM},
		scenario{Name: "is done by a coordinator when the case manager may no longer carry it", Given: chiuso, When: riapri(domain.CoordinatorePaIS, nil), Then: events{in(caso.InMonitoraggio), tolta}},
		scenario{Name: "wants a reason", Given: chiuso, When: caso.RiapriCaso{}, Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "needs a case", When: cm, Err: caso.ErrInesistente},
	)
}
