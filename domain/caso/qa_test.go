package caso_test

import (
	"testing"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
)

func TestComponiEquipe(t *testing.T) {
	componi := func(differita bool, membri ...caso.Membro) caso.ComponiEquipe {
		return caso.ComponiEquipe{Membri: membri, Differita: differita}
	}
	sola := caso.EquipeComposta{Membri: []caso.Membro{membroAnna}, Differita: true}
	dopoDifferita := oltre(inQA, sola, assessato)
	cambiato := func(cambia func(*caso.Membro)) caso.ComponiEquipe {
		m := membroPsi
		cambia(&m)
		return componi(false, membroAnna, m)
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "names the team", Given: inQA, When: componi(false, membroAnna, membroPsi), Then: events{composta}},
		scenario{Name: "names it once", Given: definizioneC, When: componi(false, membroAnna, membroPsi)},
		scenario{Name: "lets the case manager go ahead alone", Given: inQA, When: componi(true, membroAnna), Then: events{sola}},
		scenario{Name: "names the others later", Given: dopoDifferita, When: componi(false, membroAnna, membroPsi), Then: events{composta}},
		scenario{Name: "names no other team later", Given: definizioneC, When: componi(true, membroAnna), Err: caso.ErrQANonAperto},
		scenario{Name: "is not one person", Given: inQA, When: componi(false, membroAnna), Err: caso.ErrEquipe, Field: "membri"},
		scenario{Name: "is not nobody", Given: inQA, When: componi(true), Err: caso.ErrEquipe, Field: "membri"},
		scenario{Name: "is not without the case manager", Given: inQA, When: componi(true, membroPsi), Err: caso.ErrEquipe, Field: "membri"},
		scenario{Name: "is not with another case manager", Given: oltre(inQA, aBruno), When: componi(false, membroAnna, membroPsi), Err: caso.ErrEquipe, Field: "membri"},
		scenario{Name: "names nobody twice", Given: inQA, When: componi(false, membroAnna, membroPsi, membroPsi), Err: caso.ErrMembro, Field: "membri"},
		scenario{Name: "names professions", Given: inQA, When: cambiato(func(m *caso.Membro) { m.Professione = "MAGO" }), Err: caso.ErrMembro, Field: "professione"},
		scenario{Name: "names people", Given: inQA, When: cambiato(func(m *caso.Membro) { m.Nome = "" }), Err: caso.ErrTestoMancante, Field: "nome"},
		scenario{Name: "names bodies", Given: inQA, When: cambiato(func(m *caso.Membro) { m.Ente = lungo }), Err: caso.ErrTestoTroppoLungo, Field: "ente"},
		scenario{Name: "has no place before the QA", Given: pronta, When: componi(false, membroAnna, membroPsi), Err: caso.ErrQANonAperto},
		scenario{Name: "needs a case", When: componi(false, membroAnna, membroPsi), Err: caso.ErrInesistente},
	)
}

func TestTheQAIsCompiled(t *testing.T) {
	salva := func(c caso.CodiceSezione, revisione int) caso.SalvaSezioneQA {
		return caso.SalvaSezioneQA{Sezione: sezione(c, revisione)}
	}
	salvata := caso.SezioneQASalvata{Sezione: sezione(caso.Reti, 1)}
	chiudi := func(cambia ...func(*caso.FinalizzaQA)) caso.FinalizzaQA {
		c := caso.FinalizzaQA{Sintesi: assessato.Sintesi, Data: aprile, Oggi: oggi}
		for _, f := range cambia {
			f(&c)
		}
		return c
	}
	riapri := caso.RiapriQA{Motivazione: "nuovi elementi"}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "section by section", Given: inQA, When: salva(caso.Reti, 0), Then: events{salvata}},
		scenario{Name: "each once", Given: oltre(inQA, salvata), When: salva(caso.Reti, 1)},
		scenario{Name: "not on an older revision", Given: oltre(inQA, salvata), When: caso.SalvaSezioneQA{Sezione: caso.Sezione{Sezione: caso.Reti, Contenuto: caso.Contenuto{Testo: "altro", Fonte: "INPS"}}}, Err: caso.ErrSezioneRevisione, Field: "revisione"},
		scenario{Name: "in six domains alone", Given: inQA, When: salva(caso.SintesiEsito, 0), Err: caso.ErrSezione, Field: "sezione"},
		scenario{Name: "not before", Given: inAP, When: salva(caso.Reti, 0), Err: caso.ErrQANonAperto},
		scenario{Name: "not without a case", When: salva(caso.Reti, 0), Err: caso.ErrInesistente},
		scenario{Name: "to its end", Given: oltre(inQA, composta), When: chiudi(), Then: events{assessato}},
		scenario{Name: "to one end", Given: definizioneC, When: chiudi()},
		scenario{Name: "to no end without a team", Given: inQA, When: chiudi(), Err: caso.ErrSenzaEquipe},
		scenario{Name: "to no end in silence", Given: oltre(inQA, composta), When: chiudi(func(c *caso.FinalizzaQA) { c.Sintesi = "" }), Err: caso.ErrTestoMancante, Field: "sintesi"},
		scenario{Name: "to no end in a book", Given: oltre(inQA, composta), When: chiudi(func(c *caso.FinalizzaQA) { c.Sintesi = prolisso }), Err: caso.ErrTestoTroppoLungo, Field: "sintesi"},
		scenario{Name: "to no end ahead", Given: oltre(inQA, composta), When: chiudi(func(c *caso.FinalizzaQA) { c.Data = oggi + 1 }), Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "to no end before the AP", Given: oltre(inQA, composta), When: chiudi(func(c *caso.FinalizzaQA) { c.Data = marzo }), Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "to no end out of its time", Given: definizione, When: chiudi(), Err: caso.ErrQANonAperto},
		scenario{Name: "to no end without a case", When: chiudi(), Err: caso.ErrInesistente},
		scenario{Name: "again", Given: definizioneC, When: riapri, Then: events{caso.QuadroAnalisiRiaperto{Motivazione: "nuovi elementi"}}},
		scenario{Name: "not again while it is", Given: inQA, When: riapri},
		scenario{Name: "not again when it never was", Given: definizione, When: riapri, Err: caso.ErrQANonRiapribile},
		scenario{Name: "not again after the signature", Given: monitoraggio, When: riapri, Err: caso.ErrQANonRiapribile},
		scenario{Name: "not again without a reason", Given: definizioneC, When: caso.RiapriQA{Motivazione: " "}, Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "not again without a case", When: riapri, Err: caso.ErrInesistente},
	)
}
