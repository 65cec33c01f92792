package caso_test

import (
	"slices"
	"strings"
	"testing"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
)

// dopo is a change of the benefit some days later.
func dopo(giorni giorno.Giorno) caso.Variazione {
	v := variazione
	v.Dal += giorni
	return v
}

func TestTheBenefitFollowsINPS(t *testing.T) {
	sospeso := caso.BeneficioSospeso{Variazione: variazione}
	ripristinato := caso.BeneficioRipristinato{Variazione: dopo(30)}
	perso := caso.BeneficioDecaduto{Variazione: dopo(30)}
	finito := caso.BeneficioTerminato{Variazione: dopo(30)}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "is suspended", Given: monitoraggio, When: caso.SospendiBeneficio{Variazione: variazione}, Then: events{sospeso}},
		scenario{Name: "is restored", Given: oltre(monitoraggio, sospeso), When: caso.RipristinaBeneficio{Variazione: dopo(30)}, Then: events{ripristinato}},
		scenario{Name: "is not restored when it runs", Given: monitoraggio, When: caso.RipristinaBeneficio{Variazione: variazione}},
		scenario{Name: "is lost", Given: oltre(monitoraggio, sospeso), When: caso.DecadiDalBeneficio{Variazione: dopo(30)}, Then: events{perso}},
		scenario{Name: "is lost by a closed case", Given: chiuso, When: caso.DecadiDalBeneficio{Variazione: dopo(30)}, Then: events{perso}},
		scenario{Name: "ends", Given: monitoraggio, When: caso.TerminaBeneficio{Variazione: dopo(30)}, Then: events{finito}},
		scenario{Name: "is suspended anew for another reason", Given: oltre(monitoraggio, sospeso), When: caso.SospendiBeneficio{Variazione: dopo(30)}, Then: events{caso.BeneficioSospeso{Variazione: dopo(30)}}},
		scenario{Name: "does not change when a file comes twice", Given: oltre(monitoraggio, sospeso, ripristinato), When: caso.SospendiBeneficio{Variazione: variazione}},
		scenario{Name: "refuses news older than the last", Given: oltre(monitoraggio, caso.BeneficioSospeso{Variazione: dopo(30)}), When: caso.DecadiDalBeneficio{Variazione: variazione}, Err: caso.ErrVariazioneSuperata, Field: "dal"},
		scenario{Name: "is not suspended after it was lost", Given: oltre(monitoraggio, perso), When: caso.SospendiBeneficio{Variazione: dopo(40)}, Err: caso.ErrBeneficioCessato},
		scenario{Name: "is not suspended after it ended", Given: oltre(monitoraggio, finito), When: caso.SospendiBeneficio{Variazione: dopo(40)}, Err: caso.ErrBeneficioCessato},
		scenario{Name: "does not end after it was lost", Given: oltre(monitoraggio, perso), When: caso.TerminaBeneficio{Variazione: dopo(40)}, Err: caso.ErrBeneficioCessato},
		scenario{Name: "needs a case", When: caso.SospendiBeneficio{Variazione: variazione}, Err: caso.ErrInesistente},
		scenario{Name: "needs a day", Given: waiting, When: caso.SospendiBeneficio{Variazione: caso.Variazione{Causale: "x"}}, Err: caso.ErrData, Field: "dal"},
		scenario{Name: "needs a day after the domanda", Given: waiting, When: caso.TerminaBeneficio{Variazione: caso.Variazione{Dal: gennaio - 1, Causale: "x"}}, Err: caso.ErrData, Field: "dal"},
		scenario{Name: "needs a reason", Given: waiting, When: caso.RipristinaBeneficio{Variazione: caso.Variazione{Dal: marzo}}, Err: caso.ErrCausale, Field: "causale"},
		scenario{Name: "refuses an endless reason", Given: waiting, When: caso.DecadiDalBeneficio{Variazione: caso.Variazione{Dal: marzo, Causale: lungo}}, Err: caso.ErrCausale, Field: "causale"},
		scenario{Name: "refuses an endless reference", Given: waiting, When: caso.DecadiDalBeneficio{Variazione: caso.Variazione{Dal: marzo, Causale: "x", RiferimentoINPS: lungo}}, Err: caso.ErrTestoTroppoLungo, Field: "riferimento_inps"},
	)
}

func TestComunicaDecurtazione(t *testing.T) {
	meno := caso.DecurtazioneComunicata{Mensilita: 2, Dal: maggio}
	chiedi := func(mesi int, cambia func(*caso.DecurtazioneComunicata)) caso.ComunicaDecurtazione {
		c := caso.ComunicaDecurtazione{DecurtazioneComunicata: meno}
		c.Mensilita = mesi
		cambia(&c.DecurtazioneComunicata)
		return c
	}
	same := func(*caso.DecurtazioneComunicata) {}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "keeps back two months", Given: chiuso, When: chiedi(2, same), Then: events{meno}},
		scenario{Name: "says the same once", Given: oltre(chiuso, meno), When: chiedi(2, same)},
		scenario{Name: "keeps back no less than one", Given: waiting, When: chiedi(0, same), Err: caso.ErrMensilita, Field: "mensilita"},
		scenario{Name: "keeps back no more than eighteen", Given: waiting, When: chiedi(19, same), Err: caso.ErrMensilita, Field: "mensilita"},
		scenario{Name: "needs a day", Given: waiting, When: chiedi(1, func(d *caso.DecurtazioneComunicata) { d.Dal = 0 }), Err: caso.ErrData, Field: "dal"},
		scenario{Name: "needs a case", When: chiedi(1, same), Err: caso.ErrInesistente},
	)
}

func TestAggiornaRecapiti(t *testing.T) {
	nuovi := caso.Recapiti{Telefono: "091 5550101", Cellulare: "+39 333 5550102", Email: "rosa@example.org"}
	chiede := func(r caso.Recapiti) caso.AggiornaRecapiti {
		return caso.AggiornaRecapiti{Recapiti: r, Fonte: caso.FonteComune}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "says how to reach the nucleo", Given: chiuso, When: chiede(nuovi), Then: events{caso.RecapitiAggiornati{Recapiti: nuovi, Fonte: caso.FonteComune}}},
		scenario{Name: "says the same once", Given: oltre(avviare, caso.RecapitiAggiornati{Recapiti: nuovi, Fonte: caso.FonteINPS}), When: chiede(nuovi)},
		scenario{Name: "refuses a telephone that is none", Given: avviare, When: chiede(caso.Recapiti{Telefono: "casa"}), Err: caso.ErrRecapito, Field: "telefono"},
		scenario{Name: "refuses a mobile that is none", Given: avviare, When: chiede(caso.Recapiti{Cellulare: "333"}), Err: caso.ErrRecapito, Field: "cellulare"},
		scenario{Name: "refuses an address that is none", Given: avviare, When: chiede(caso.Recapiti{Email: "rosa@a b"}), Err: caso.ErrRecapito, Field: "email"},
		scenario{Name: "refuses a source that is none", Given: avviare, When: caso.AggiornaRecapiti{Recapiti: nuovi}, Err: caso.ErrFonte, Field: "fonte"},
		scenario{Name: "needs a case", When: chiede(nuovi), Err: caso.ErrInesistente},
	)
}

var prolisso = strings.Repeat("à", 4001)

func TestASuspendedBenefitLeavesTheCaseWhereItIs(t *testing.T) {
	for _, dati := range []events{waiting, inAP, inQA, definizione, monitoraggio, inCPI, chiuso} {
		prima := caso.Decider.Fold(caso.State{}, dati...).Stato
		dopo := caso.Decider.Fold(caso.State{}, slices.Concat(dati, events{caso.BeneficioSospeso{Variazione: variazione}})...)
		if dopo.Stato != prima || dopo.Beneficio.Stato != caso.Sospeso {
			t.Errorf("from %s to %s, benefit %q", prima, dopo.Stato, dopo.Beneficio.Stato)
		}
	}
}
