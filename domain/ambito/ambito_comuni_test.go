package ambito_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
)

var (
	oggi      = giorno.Data(2026, 3, 2)
	convenuto = ambito.ConvenzioneSottoscritta{Comune: "G273", Data: oggi, Firmatario: "Il sindaco", Qualifica: ambito.Sindaco}
	delegato  = ambito.DelegaRegistrata{Comuni: []string{"F377", "G273"}, Data: oggi, Atto: "delibera 12/2026", PEC: "ambito@pec.example"}
	uscita    = ambito.ComuneDissociato{Comune: "F377"}
)

func TestDissociaComune(t *testing.T) {
	dissocia := ambito.DissociaComune(uscita)
	domaintest.Run(t, ambito.Decider,
		scenario{Name: "takes it out", Given: events{creato, palermo, monreale}, When: dissocia, Then: events{uscita}},
		scenario{Name: "changes nothing when it is out", Given: events{creato, palermo, monreale, uscita}, When: dissocia},
		scenario{Name: "is refused for an ambito that is not there", When: dissocia, Err: ambito.ErrInesistente},
	)
	s := ambito.Decider.Fold(ambito.State{}, creato, palermo, monreale, convenuto, delegato, uscita)
	if len(s.Comuni) != 1 || len(s.Convenzioni) != 1 || len(s.Deleghe) != 1 || s.Deleghe[0].Comune != "G273" {
		t.Errorf("%+v", s)
	}
}

func TestSottoscriviConvenzione(t *testing.T) {
	con := func(comune string, data giorno.Giorno, chi string) ambito.SottoscriviConvenzione {
		return ambito.SottoscriviConvenzione{Comune: comune, Data: data, Firmatario: chi, Qualifica: ambito.Sindaco, Oggi: oggi}
	}
	dellEnte := ambito.ConvenzioneSottoscritta{Ente: "Consorzio", Data: oggi, Firmatario: "La presidente", Qualifica: ambito.LegaleRappresentante}
	ente := ambito.SottoscriviConvenzione{Ente: "Consorzio", Data: oggi, Firmatario: "La presidente", Qualifica: ambito.LegaleRappresentante, Oggi: oggi}
	nuovo, nuova, di := ente, dellEnte, con("G273", oggi, "x")
	nuovo.Ente, nuova.Ente, di.Ente = "Azienda", "Azienda", "Consorzio"
	altro := con("G273", oggi, "Un consigliere")
	altro.Qualifica = "CONSIGLIERE"
	refused := func(name string, err error, field string, cmd ambito.SottoscriviConvenzione) scenario {
		return scenario{Name: name, Given: events{creato, palermo}, When: cmd, Err: err, Field: field}
	}
	domaintest.Run(t, ambito.Decider,
		scenario{Name: "notes it", Given: events{creato, palermo}, When: con("G273", oggi, "Il sindaco"), Then: events{convenuto}},
		scenario{Name: "changes nothing twice", Given: events{creato, palermo, convenuto}, When: con("G273", oggi, "Il sindaco")},
		scenario{Name: "notes a new one", Given: events{creato, palermo, convenuto}, When: con("G273", oggi-1, "Il sindaco"), Then: events{ambito.ConvenzioneSottoscritta{Comune: "G273", Data: oggi - 1, Firmatario: "Il sindaco", Qualifica: ambito.Sindaco}}},
		scenario{Name: "is refused for an ambito that is not there", When: con("G273", oggi, "x"), Err: ambito.ErrInesistente},
		refused("is refused for a comune elsewhere", ambito.ErrNonAssociato, "comune", con("F377", oggi, "x")),
		refused("is refused for tomorrow", ambito.ErrConvenzione, "data", con("G273", oggi+1, "x")),
		scenario{Name: "notes that of the body", Given: events{creato, palermo, convenuto}, When: ente, Then: events{dellEnte}},
		scenario{Name: "of the body changes nothing twice", Given: events{creato, dellEnte}, When: ente},
		scenario{Name: "of another body takes its place", Given: events{creato, dellEnte}, When: nuovo, Then: events{nuova}},
		refused("is of a comune or of a body", ambito.ErrConvenzione, "ente", di),
		refused("is of somebody", ambito.ErrConvenzione, "comune", con("", oggi, "x")),
		refused("is refused when who signed represents nobody", ambito.ErrQualifica, "qualifica", altro),
		refused("is refused when nobody signed", ambito.ErrConvenzione, "firmatario", con("G273", oggi, " ")),
	)
}

func TestOneAgreementHoldsOfEachComuneAndOfTheBody(t *testing.T) {
	ente := ambito.ConvenzioneSottoscritta{Ente: "Consorzio", Data: oggi, Firmatario: "La presidente", Qualifica: ambito.LegaleRappresentante}
	nuovo, rinnovata := ente, convenuto
	nuovo.Ente, rinnovata.Data = "Azienda", oggi-1
	s := ambito.Decider.Fold(ambito.State{}, creato, palermo, convenuto, ente, rinnovata, nuovo)
	if diff := cmp.Diff([]ambito.Convenzione{ambito.Convenzione(rinnovata), ambito.Convenzione(nuovo)}, s.Convenzioni); diff != "" {
		t.Error(diff)
	}
}

func TestRegistraDelega(t *testing.T) {
	registra := func(cambia func(*ambito.RegistraDelega)) ambito.RegistraDelega {
		c := ambito.RegistraDelega{Comuni: []string{"G273", "F377", "G273"}, Data: oggi, Atto: delegato.Atto, PEC: delegato.PEC, Oggi: oggi}
		if cambia != nil {
			cambia(&c)
		}
		return c
	}
	refused := func(field string, err error, cambia func(*ambito.RegistraDelega)) scenario {
		return scenario{Name: "is refused for its " + field, Given: events{creato, palermo, monreale}, When: registra(cambia), Err: err, Field: field}
	}
	domaintest.Run(t, ambito.Decider,
		scenario{Name: "notes it of each comune once", Given: events{creato, palermo, monreale}, When: registra(nil), Then: events{delegato}},
		scenario{Name: "changes nothing twice", Given: events{creato, palermo, monreale, delegato}, When: registra(nil)},
		scenario{Name: "is refused for an ambito that is not there", When: registra(nil), Err: ambito.ErrInesistente},
		refused("comuni", ambito.ErrNonAssociato, func(c *ambito.RegistraDelega) { c.Comuni = []string{"A089"} }),
		refused("data", ambito.ErrDelega, func(c *ambito.RegistraDelega) { c.Data = oggi + 1 }),
		refused("atto", ambito.ErrDelega, func(c *ambito.RegistraDelega) { c.Atto = strings.Repeat("x", 201) }),
		refused("pec", ambito.ErrDelega, func(c *ambito.RegistraDelega) { c.PEC = "none" }),
	)
}

func TestWhatAnAmbitoLacksIsToldComuneByComune(t *testing.T) {
	s := ambito.Decider.Fold(ambito.State{}, creato, palermo, monreale, convenuto, ambito.DelegaRegistrata{Comuni: []string{"G273"}, Data: oggi, Atto: "x", PEC: "a@b"})
	di := func(ruolo domain.Ruolo, comuni ...string) ambito.Incarico {
		return ambito.Incarico{Ruolo: ruolo, Territorio: domain.Territorio{Ambito: "PA42", Comuni: comuni}}
	}
	tutti := []ambito.Incarico{
		di(domain.AmministratoreAmbito), di(domain.CoordinatorePaIS), di(domain.CaseManager, "F377", "G273"), di(domain.CoordinatoreControlli, "F377", "G273"), di(domain.ResponsabileControlli, "G273"),
	}
	codici := func(m []ambito.Mancanza) (testi []string) {
		for _, v := range m {
			testi = append(testi, fmt.Sprint(v.Comune, " ", v.Codice))
			if v.Descrizione == "" {
				t.Errorf("%+v says nothing", v)
			}
		}
		return testi
	}
	// Monreale did not delegate: who coordinates the ambito whole is not of it.
	want := []string{"F377 CONVENZIONE_MANCANTE", "F377 COORDINATORE_PAIS_MANCANTE", "F377 RESPONSABILE_CONTROLLI_MANCANTE"}
	if diff := cmp.Diff(want, codici(s.Dotazione(tutti))); diff != "" {
		t.Error(diff)
	}
	if m := s.Dotazione(nil); len(m) != 10 || m[0].Codice != ambito.SenzaAmministratore {
		t.Errorf("%v", codici(m))
	}
}
