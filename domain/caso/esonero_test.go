package caso_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Nino is a child of one year; Ada and Ivo are disabled brothers of Rosa.
var (
	nino    = numerata(persona("BNCNNI23A01G273A", "BIANCHI", "NINO", "M", giorno.Data(2023, 1, 1), "FIGLIO"), 3)
	ada     = numerata(disabile(persona("RSSDAA70A41G273B", "ROSSI", "ADA", "F", giorno.Data(1970, 1, 1), "FRATELLO_SORELLA")), 4)
	cresce  = caso.ComposizioneNucleoAggiornata{Aggiunti: []caso.Componente{nino, ada}, DataDecorrenza: marzo, Fonte: caso.FonteINPS}
	grande  = oltre(inAP, cresce)
	esonera = caso.Esonero{Componente: idDi(0), Motivo: caso.CuraMinore, Dal: aprile, Al: maggio}
	diRosa  = caso.EsoneroRegistrato{Esonero: esonera}
)

func disabile(c caso.Componente) caso.Componente {
	c.Disabilita = true
	return c
}

func esoneri(cambia func(*caso.Esonero)) caso.RegistraEsonero {
	e := esonera
	cambia(&e)
	return caso.RegistraEsonero{Esonero: e}
}

func TestRegistraEsonero(t *testing.T) {
	same := func(*caso.Esonero) {}
	diPino := func(e *caso.Esonero) { e.Componente = idDi(1) }
	dopo := func(e *caso.Esonero) { e.Dal, e.Al = maggio+1, 0 }
	curaAda := func(chi int) func(*caso.Esonero) {
		return func(e *caso.Esonero) {
			e.Componente, e.Motivo, e.Assistito = idDi(chi), caso.CuraDisabile, ada.ID
		}
	}
	lavora := func(e *caso.Esonero) { e.Motivo = caso.LavoroBreve }
	refused := func(name string, err error, field string, cambia func(*caso.Esonero)) scenario {
		return scenario{Name: name, Given: grande, When: esoneri(cambia), Err: err, Field: field}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "exempts who cares for a small child", Given: grande, When: esoneri(same), Then: events{diRosa}},
		scenario{Name: "exempts once", Given: oltre(grande, diRosa), When: esoneri(same)},
		scenario{Name: "exempts one person for the children at a time", Given: oltre(grande, diRosa), When: esoneri(diPino), Err: caso.ErrEsoneroUnico, Field: "motivo"},
		scenario{Name: "exempts another afterwards", Given: oltre(grande, diRosa), When: esoneri(func(e *caso.Esonero) { diPino(e); dopo(e) }), Then: events{caso.EsoneroRegistrato(esoneri(func(e *caso.Esonero) { diPino(e); dopo(e) }))}},
		scenario{Name: "exempts a person for one ground at a time", Given: oltre(grande, diRosa), When: esoneri(lavora), Err: caso.ErrEsoneroPresente, Field: "dal"},
		scenario{Name: "exempts one person for a disabled person", Given: oltre(grande, caso.EsoneroRegistrato(esoneri(curaAda(0)))), When: esoneri(curaAda(1)), Err: caso.ErrEsoneroUnico, Field: "motivo"},
		scenario{Name: "exempts another for another ground", Given: oltre(grande, diRosa), When: esoneri(curaAda(1)), Then: events{caso.EsoneroRegistrato(esoneri(curaAda(1)))}},
		scenario{Name: "waits for the AP", Given: oltre(avviare, cresce), When: esoneri(same), Err: caso.ErrEsoneroFuoriFase},
		scenario{Name: "is not for those at the job centre", Given: oltre(inCPI, cresce), When: esoneri(same), Err: caso.ErrEsoneroFuoriFase},
		scenario{Name: "is for small children", Given: inAP, When: esoneri(same), Err: caso.ErrSenzaMinori, Field: "motivo"},
		scenario{Name: "needs a case", When: esoneri(same), Err: caso.ErrInesistente},
		refused("no ground", caso.ErrMotivoEsonero, "motivo", func(e *caso.Esonero) { e.Motivo = "PIGRIZIA" }),
		refused("a stranger", caso.ErrFuoriNucleo, "componente_id", func(e *caso.Esonero) { e.Componente = id.Componente{} }),
		refused("a minor", caso.ErrEscluso, "componente_id", func(e *caso.Esonero) { e.Componente = idDi(2) }),
		refused("a disabled person", caso.ErrEscluso, "componente_id", func(e *caso.Esonero) { e.Componente = ada.ID }),
		refused("care for nobody", caso.ErrAssistito, "assistito_id", func(e *caso.Esonero) { e.Motivo = caso.CuraDisabile }),
		refused("care for who is well", caso.ErrAssistito, "assistito_id", func(e *caso.Esonero) { e.Motivo, e.Assistito = caso.CuraDisabile, idDi(1) }),
		refused("care on another ground", caso.ErrAssistito, "assistito_id", func(e *caso.Esonero) { e.Assistito = ada.ID }),
		refused("illness without certificate", caso.ErrCertificato, "documento", func(e *caso.Esonero) { e.Motivo = caso.Malattia }),
		refused("a certificate like a book", caso.ErrTestoTroppoLungo, "documento", func(e *caso.Esonero) { e.Documento = lungo }),
		refused("no first day", caso.ErrPeriodo, "dal", func(e *caso.Esonero) { e.Dal = 0 }),
		refused("an end before the beginning", caso.ErrPeriodo, "al", func(e *caso.Esonero) { e.Al = e.Dal - 1 }),
	)
}

func TestRevocaEsonero(t *testing.T) {
	revoca := caso.RevocaEsonero{Componente: idDi(0), Dal: aprile, Motivazione: "finita"}
	revocato := caso.EsoneroRevocato{Componente: idDi(0), Dal: aprile, Motivazione: "finita"}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "ends it", Given: oltre(grande, diRosa), When: revoca, Then: events{revocato}},
		scenario{Name: "ends it once", Given: oltre(grande, diRosa, revocato), When: revoca},
		scenario{Name: "ends none that is not there", Given: grande, When: revoca, Err: caso.ErrEsoneroInesistente},
		scenario{Name: "ends none while the nucleo is elsewhere", Given: oltre(grande, diRosa, finalizzata(caso.EsitoA, caso.InviatoCPI)), When: revoca, Err: caso.ErrEsoneroFuoriFase},
		scenario{Name: "says why", Given: oltre(grande, diRosa), When: caso.RevocaEsonero{Componente: idDi(0), Dal: aprile}, Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "needs a case", When: revoca, Err: caso.ErrInesistente},
	)
}

func TestEscludiNucleo(t *testing.T) {
	tirocinioDi := func(n int) caso.EsoneroRegistrato {
		return caso.EsoneroRegistrato{Esonero: caso.Esonero{Componente: idDi(n), Motivo: caso.Tirocinio, Dal: aprile}}
	}
	studia := func(n int, c caso.Componente) caso.ComposizioneNucleoAggiornata {
		c = numerata(c, n)
		c.Studente = true
		return caso.ComposizioneNucleoAggiornata{Modificati: []caso.Componente{c}, DataDecorrenza: marzo, Fonte: caso.FonteINPS}
	}
	escludi := caso.EscludiNucleo{Data: maggio, Oggi: oggi}
	escluso := func(m caso.MotivoEsclusione) caso.NucleoEsclusoDagliObblighi {
		return caso.NucleoEsclusoDagliObblighi{Motivo: m, Data: maggio}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "stops the work when all are exempt", Given: oltre(inAP, tirocinioDi(0), tirocinioDi(1)), When: escludi, Then: events{escluso(caso.TuttiEsonerati)}},
		scenario{Name: "stops it when nobody has duties by law", Given: oltre(avviare, studia(0, rosa), studia(1, pino)), When: escludi, Then: events{escluso(caso.TuttiEsclusi)}},
		scenario{Name: "stops it when each is one or the other", Given: oltre(inAP, studia(0, rosa), tirocinioDi(1)), When: escludi, Then: events{escluso(caso.ChiEChi)}},
		scenario{Name: "stops it once", Given: oltre(inAP, escluso(caso.TuttiEsonerati)), When: escludi},
		scenario{Name: "goes on when one has duties", Given: oltre(inAP, tirocinioDi(0)), When: escludi, Err: caso.ErrObblighi},
		scenario{Name: "goes on after an exemption ended", Given: oltre(grande, tirocinioDi(1), diRosa), When: caso.EscludiNucleo{Data: maggio + 1, Oggi: oggi}, Err: caso.ErrObblighi},
		scenario{Name: "goes on before an exemption begins", Given: oltre(inAP, tirocinioDi(0), tirocinioDi(1)), When: caso.EscludiNucleo{Data: marzo, Oggi: oggi}, Err: caso.ErrObblighi},
		scenario{Name: "says when", Given: inAP, When: caso.EscludiNucleo{Oggi: oggi}, Err: caso.ErrData, Field: "data"},
		scenario{Name: "is not said of a closed case", Given: chiuso, When: escludi, Err: caso.ErrNonAperto},
		scenario{Name: "needs a case", When: escludi, Err: caso.ErrInesistente},
	)
}

func TestThoseWithoutDutiesByLaw(t *testing.T) {
	il := giorno.Data(2024, 6, 1)
	for name, x := range map[string]struct {
		chi    caso.Componente
		misura caso.Misura
		want   bool
	}{
		"an adult":             {caso.Componente{DataNascita: giorno.Data(1980, 1, 1)}, caso.ADI, false},
		"of 17":                {caso.Componente{DataNascita: giorno.Data(2006, 6, 2)}, caso.ADI, true},
		"of 60 on the ADI":     {caso.Componente{DataNascita: giorno.Data(1964, 6, 1)}, caso.ADI, true},
		"of 59 on the ADI":     {caso.Componente{DataNascita: giorno.Data(1964, 6, 2)}, caso.ADI, false},
		"of 60 on the RdC":     {caso.Componente{DataNascita: giorno.Data(1964, 6, 1)}, caso.RDC, false},
		"of 65 on the RdC":     {caso.Componente{DataNascita: giorno.Data(1959, 6, 1)}, caso.RDC, true},
		"disabled":             {caso.Componente{DataNascita: giorno.Data(1980, 1, 1), Disabilita: true}, caso.RDC, true},
		"a student":            {caso.Componente{DataNascita: giorno.Data(1980, 1, 1), Studente: true}, caso.RDC, true},
		"a student by trade":   {caso.Componente{DataNascita: giorno.Data(1980, 1, 1), Occupazione: "STUDENTE"}, caso.RDC, true},
		"a worker":             {caso.Componente{DataNascita: giorno.Data(1980, 1, 1), Occupazione: "OCCUPATO"}, caso.RDC, true},
		"a person out of work": {caso.Componente{DataNascita: giorno.Data(1980, 1, 1), Occupazione: "DISOCCUPATO"}, caso.RDC, false},
	} {
		if got := x.chi.EsclusoPerLegge(x.misura, il); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatIsAboutPeopleWhoLeaveEndsWithThem(t *testing.T) {
	diPino, diTutti := casa, casa
	diPino.ID, diPino.Componenti, diPino.Risultati = id.Obiettivo{UUID: numero("0b07")}, []id.Componente{idDi(1)}, nil
	diTutti.ID, diTutti.Componenti, diTutti.Risultati = id.Obiettivo{UUID: numero("0b08")}, []id.Componente{idDi(0), idDi(1)}, nil
	diRosaSola := corso
	diRosaSola.ID, diRosaSola.Componenti = id.Impegno{UUID: numero("0c08")}, []id.Componente{idDi(0)}
	cura := caso.EsoneroRegistrato{Esonero: caso.Esonero{Componente: idDi(1), Motivo: caso.Tirocinio, Dal: aprile}}
	dati := oltre(bozza, caso.ObiettivoDefinito{Obiettivo: diPino}, caso.ObiettivoDefinito{Obiettivo: diTutti}, caso.ImpegnoDefinito{Impegno: diRosaSola}, firmato, cura, ridefinito)
	domaintest.Run(t, caso.Decider, scenario{
		Name: "in the same append", Given: dati, When: aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(pino) }),
		Then: events{
			uscitoPino,
			caso.EsoneroRevocato{Componente: idDi(1), Dal: aprile, Causa: caso.UscitaComponente},
			caso.ObiettivoRimosso{Obiettivo: diPino.ID, Motivo: caso.UscitaComponente},
			caso.ImpegnoRimosso{Impegno: corso.ID, Motivo: caso.UscitaComponente},
		},
	}, scenario{
		Name: "and so does the care for them", When: aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(ada) }),
		Given: oltre(grande, caso.EsoneroRegistrato{Esonero: caso.Esonero{Componente: idDi(1), Motivo: caso.CuraDisabile, Assistito: ada.ID, Dal: aprile}}),
		Then: events{
			caso.ComposizioneNucleoAggiornata{Rimossi: []caso.Rimosso{{Componente: ada.ID, Motivo: "USCITA_NUCLEO"}}, DataDecorrenza: marzo, Fonte: caso.FonteINPS},
			caso.EsoneroRevocato{Componente: idDi(1), Dal: aprile, Causa: caso.UscitaComponente},
		},
	})
	st := caso.Decider.Fold(caso.State{}, dati...)
	usciti, _ := aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(pino) }).Decide(st)
	st = caso.Decider.Fold(st, usciti...)
	want := caso.Patto{Obiettivi: []caso.Obiettivo{casa, diTutti}, Impegni: []caso.Impegno{diRosaSola}, Sostegni: []caso.Sostegno{tirocinio}}
	if diff := cmp.Diff([]caso.Patto{want, want}, []caso.Patto{st.PaIS.Vigente, st.PaIS.Bozza}); diff != "" {
		t.Error(diff)
	}
}
