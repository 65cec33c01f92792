package caso_test

import (
	"testing"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
)

func TestRegistraPAD(t *testing.T) {
	senza, con := events{senzaPAD}, events{conPAD}
	firmato := caso.PADSottoscritto{Data: febbraio}
	firma := caso.RegistraPAD{Data: febbraio, Oggi: maggio}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "is recorded when it comes", Given: senza, When: firma, Then: events{firmato}},
		scenario{Name: "is recorded once", Given: oltre(senza, firmato), When: firma},
		scenario{Name: "changes nothing when the domanda had it", Given: con, When: firma},
		scenario{Name: "is not moved to another day", Given: oltre(senza, firmato), When: caso.RegistraPAD{Data: marzo, Oggi: maggio}, Err: caso.ErrPADSottoscritto},
		scenario{Name: "is of assegno di inclusione alone", Given: waiting, When: firma, Err: caso.ErrPADSoloADI},
		scenario{Name: "lies not ahead", Given: senza, When: caso.RegistraPAD{Data: maggio + 1, Oggi: maggio}, Err: caso.ErrData, Field: "dal"},
		scenario{Name: "lies not before the domanda", Given: senza, When: caso.RegistraPAD{Data: gennaio - 1, Oggi: maggio}, Err: caso.ErrData, Field: "dal"},
		scenario{Name: "needs a case", When: firma, Err: caso.ErrInesistente},
		scenario{Name: "lets the case be assigned", Given: oltre(senza, firmato), When: caso.Assegna{CaseManager: anna, Incarichi: diPalermo, Modalita: caso.Manuale}, Then: events{adAnna}},
	)
	if s := caso.Decider.Fold(caso.State{}, senza...); s.InCoda() || len(caso.Scadenze(s, maggio)) != 0 {
		t.Errorf("a case without PAD waits in the queue, or has terms: %v", caso.Scadenze(s, maggio))
	}
	if s := caso.Decider.Fold(caso.State{}, oltre(senza, firmato)...); !s.InCoda() || len(caso.Scadenze(s, maggio)) == 0 {
		t.Error("a case whose PAD came later does not wait in the queue, or has no terms")
	}
}
