package allarme_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain/allarme"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

type (
	events   = []allarme.Event
	scenario = domaintest.Scenario[allarme.State, allarme.Event]
)

var (
	anna  = id.Operatore{UUID: uuid.MustParse("3f0f7a0e-0f6e-4d0c-9a51-2c8a2f7a9d01")}
	bruna = id.Operatore{UUID: uuid.MustParse("3f0f7a0e-0f6e-4d0c-9a51-2c8a2f7a9d02")}
	caso  = id.Caso{UUID: uuid.MustParse("3f0f7a0e-0f6e-4d0c-9a51-2c8a2f7a9d03")}
	alle9 = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

	letture = allarme.Sollevato{
		Regola: allarme.Letture, Ambito: "PA42", Operatore: anna, Dal: alle9, Prima: alle9.Add(time.Hour), Misura: 71, Soglia: 60, Casi: []id.Caso{caso},
	}
	spiegato  = allarme.SpiegazioneData{Motivo: allarme.Sostituzione}
	segnalato = allarme.SegnalazioneFatta{Avviso: allarme.DPCM}
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, allarme.Aggregate.Entries, letture, spiegato, segnalato)
}

func TestSolleva(t *testing.T) {
	altrimenti, troppi, primi := letture, letture, letture
	altrimenti.Misura, altrimenti.Soglia = 80, 70
	troppi.Casi, primi.Casi = make([]id.Caso, allarme.MaxCasi+1), make([]id.Caso, allarme.MaxCasi)
	domaintest.Run(t, allarme.Decider,
		scenario{Name: "raises an alert", When: allarme.Solleva{Allarme: letture}, Then: events{letture}},
		scenario{Name: "names fifty cases and no more", When: allarme.Solleva{Allarme: troppi}, Then: events{primi}},
		scenario{Name: "changes nothing when it was raised, with whatever numbers", Given: events{letture}, When: allarme.Solleva{Allarme: altrimenti}},
		scenario{Name: "changes nothing when it was explained", Given: events{letture, spiegato}, When: allarme.Solleva{Allarme: letture}},
	)
}

func TestSpiega(t *testing.T) {
	spiega := allarme.Spiega{Motivo: allarme.Sostituzione, Da: bruna}
	domaintest.Run(t, allarme.Decider,
		scenario{Name: "explains", Given: events{letture}, When: spiega, Then: events{spiegato}},
		scenario{Name: "is refused for an alert that was never raised", When: spiega, Err: allarme.ErrInesistente},
		scenario{Name: "is refused in words of one's own", Given: events{letture}, When: allarme.Spiega{Motivo: "era mia cugina", Da: bruna}, Err: allarme.ErrMotivo, Field: "motivo"},
		scenario{Name: "is refused to whom it is about", Given: events{letture}, When: allarme.Spiega{Motivo: allarme.Servizio, Da: anna}, Err: allarme.ErrProprio},
		scenario{Name: "changes nothing when it was explained so", Given: events{letture, spiegato}, When: spiega},
		scenario{Name: "is refused when it was explained otherwise", Given: events{letture, spiegato}, When: allarme.Spiega{Motivo: allarme.Urgenza, Da: bruna}, Err: allarme.ErrSpiegato},
		scenario{Name: "is refused once it was reported", Given: events{letture, segnalato}, When: spiega, Err: allarme.ErrSegnalato},
		scenario{Name: "is refused as before once it was explained and reported", Given: events{letture, spiegato, segnalato}, When: spiega, Err: allarme.ErrSegnalato},
	)
}

func TestSegnala(t *testing.T) {
	segnala := allarme.Segnala{Da: bruna}
	domaintest.Run(t, allarme.Decider,
		scenario{Name: "reports", Given: events{letture}, When: segnala, Then: events{segnalato}},
		scenario{Name: "reports what was explained", Given: events{letture, spiegato}, When: segnala, Then: events{segnalato}},
		scenario{Name: "changes nothing when it was reported", Given: events{letture, segnalato}, When: segnala},
		scenario{Name: "is refused to whom it is about", Given: events{letture}, When: allarme.Segnala{Da: anna}, Err: allarme.ErrProprio},
		scenario{Name: "is refused for an alert that was never raised", When: segnala, Err: allarme.ErrInesistente},
	)
}

func TestAnAlertIsNamedByItsRuleItsOperatorAndItsWindow(t *testing.T) {
	viste := map[id.Allarme]bool{}
	for _, r := range []allarme.Regola{allarme.Letture, allarme.Dinieghi} {
		for _, ambito := range []string{"PA42", "AG01"} {
			for _, o := range []id.Operatore{anna, bruna} {
				for _, dal := range []time.Time{alle9, alle9.Add(time.Hour)} {
					viste[allarme.Di(r, ambito, o, dal)] = true
				}
			}
		}
	}
	if len(viste) != 16 {
		t.Errorf("%d names for 16 alerts", len(viste))
	}
	roma := time.FixedZone("CEST", 2*60*60)
	if allarme.Di(allarme.Letture, "PA42", anna, alle9.In(roma)) != letture.ID() {
		t.Error("the same hour on another clock is another alert")
	}
}

func TestThresholdsAreRead(t *testing.T) {
	s, err := allarme.LeggiSoglie([]string{"LETTURE=60", "DINIEGHI=0"})
	if err != nil || len(s) != 1 || s[allarme.Letture] != 60 {
		t.Fatal(s, err)
	}
	for _, male := range []string{"", "LETTURE", "LETTURE=", "LETTURE=molte", "LETTURE=-1", "LETTURE=1000001", "ALTRO=3", "letture=3"} {
		if s, err := allarme.LeggiSoglie([]string{male}); err == nil {
			t.Errorf("%q reads as %v", male, s)
		}
	}
}

func TestARuleSpeaksFromItsThresholdAndFromThreeTimesWhatIsUsual(t *testing.T) {
	s := allarme.Soglie{allarme.Letture: 60, allarme.Dinieghi: 10}
	for _, c := range []struct {
		about          string
		r              allarme.Regola
		misura, usuale int
		soglia         int
		want           bool
	}{
		{"under the cap", allarme.Letture, 59, 0, 60, false},
		{"at the cap", allarme.Letture, 60, 0, 60, true},
		{"at three times the usual", allarme.Letture, 90, 30, 91, false},
		{"over three times the usual", allarme.Letture, 91, 30, 91, true},
		{"a rule that asks for no usual", allarme.Dinieghi, 10, 1000, 10, true},
		{"a rule that is off", allarme.Elenchi, 1_000_000, 0, 0, false},
	} {
		soglia, si, err := s.Supera(c.r, c.misura, func() (int, error) { return c.usuale, nil })
		if soglia != c.soglia || si != c.want || err != nil {
			t.Errorf("%s: %v from %d on, %v", c.about, si, soglia, err)
		}
	}
}

func TestWhoMayBeKin(t *testing.T) {
	de, altri := codicefiscale.Pepe{}.Cieco("DRSNNA80A41G273X"), codicefiscale.Pepe{}.Cieco("BNCMRA50A01F205X")
	operatore := allarme.Persona{Cognome: "De Rosa", Cieco: de}
	for about, c := range map[string]struct {
		nucleo []allarme.Persona
		want   bool
	}{
		"nobody":                              {nil, false},
		"oneself":                             {[]allarme.Persona{{Cognome: "Neri", Cieco: de}}, true},
		"the surname, however spelt":          {[]allarme.Persona{{Cognome: " DE  ROSA", Cieco: altri}}, true},
		"another surname of the same letters": {[]allarme.Persona{{Cognome: "Duras", Cieco: altri}}, false},
		"nothing known":                       {[]allarme.Persona{{}}, false},
		"one of many":                         {[]allarme.Persona{{Cognome: "Neri", Cieco: altri}, {Cognome: "De Rosa"}}, true},
	} {
		if got := operatore.Parente(c.nucleo); got != c.want {
			t.Errorf("%s: %v", about, got)
		}
	}
	if (allarme.Persona{}).Parente([]allarme.Persona{{Cieco: altri}, {}}) {
		t.Error("an operator who is not known is kin of nobody")
	}
}
