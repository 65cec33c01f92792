package caso_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
)

// trasferito moves the nucleo to the other comune of its ambito; lontano to
// one of another ambito.
var (
	trasferito = caso.Trasferito{
		ComuneDa: "G273", ComuneA: "F377", AmbitoDa: "PA42", AmbitoA: "PA42", Interno: true, Indirizzo: viaEtna, DataDecorrenza: marzo,
	}
	lontano = caso.Trasferito{
		ComuneDa: "G273", ComuneA: "A546", AmbitoDa: "PA42", AmbitoA: "PA39", Indirizzo: corsoUmber, DataDecorrenza: marzo,
	}
	aMonrealeInMarzo = caso.Trasferisci{Ambito: "PA42", Comune: "F377", Indirizzo: viaEtna, DataDecorrenza: marzo, Oggi: oggi}
	aBagheriaInMarzo = caso.Trasferisci{Ambito: "PA39", Comune: "A546", Indirizzo: corsoUmber, DataDecorrenza: marzo, Oggi: oggi}
)

func TestTrasferisci(t *testing.T) {
	con := func(c caso.Trasferisci, territori ...domain.Territorio) caso.Trasferisci {
		c.Territori = territori
		return c
	}
	altraVia := caso.Indirizzo{Via: "VIA LIBERTA", Civico: "2", CAP: "90141", Comune: "G273"}
	domaintest.Run(t, caso.Decider,
		scenario{
			Name:  "moves a waiting case inside the ambito",
			Given: events{ricevuta},
			When:  aMonrealeInMarzo,
			Then:  events{trasferito},
		},
		scenario{
			Name:  "moves a waiting case to another ambito",
			Given: events{ricevuta},
			When:  aBagheriaInMarzo,
			Then:  events{lontano},
		},
		scenario{
			Name:  "leaves the case manager whose territory covers the new comune",
			Given: events{ricevuta, adAnna},
			When:  con(aMonrealeInMarzo, aPalermo, aMonreale),
			Then:  events{trasferito},
		},
		scenario{
			Name:  "frees a case manager whose territory does not cover the new comune",
			Given: events{ricevuta, adAnna},
			When:  con(aMonrealeInMarzo, aPalermo),
			Then:  events{trasferito, caso.Annullata{CaseManager: anna, Motivo: caso.FuoriTerritorio}},
		},
		scenario{
			Name:  "frees the case manager when the nucleo goes to another ambito, even one who could follow",
			Given: events{ricevuta, adAnna},
			When:  con(aBagheriaInMarzo, aBagheria),
			Then:  events{lontano, caso.Annullata{CaseManager: anna, Motivo: caso.Trasferimento}},
		},
		scenario{
			Name:  "tells of another house in the same comune",
			Given: events{ricevuta, adAnna},
			When:  caso.Trasferisci{Ambito: "PA42", Comune: "G273", Indirizzo: altraVia, DataDecorrenza: marzo, Oggi: oggi, Territori: []domain.Territorio{ovunquePA}},
			Then: events{caso.Trasferito{
				ComuneDa: "G273", ComuneA: "G273", AmbitoDa: "PA42", AmbitoA: "PA42", Interno: true, Indirizzo: altraVia, DataDecorrenza: marzo,
			}},
		},
		scenario{
			Name:  "changes nothing when the nucleo lives there already",
			Given: events{ricevuta, trasferito},
			When:  aMonrealeInMarzo,
		},
		scenario{Name: "is refused for a case that is not there", When: aMonrealeInMarzo, Err: caso.ErrInesistente},
		scenario{
			Name:  "is refused without a day",
			Given: events{ricevuta},
			When:  caso.Trasferisci{Ambito: "PA42", Comune: "F377", Oggi: oggi},
			Err:   caso.ErrData, Field: "data_decorrenza",
		},
		scenario{
			Name:  "is refused for a day to come",
			Given: events{ricevuta},
			When:  caso.Trasferisci{Ambito: "PA42", Comune: "F377", DataDecorrenza: oggi + 1, Oggi: oggi},
			Err:   caso.ErrData, Field: "data_decorrenza",
		},
		scenario{
			Name:  "is refused for a comune of no ambito",
			Given: events{ricevuta},
			When:  caso.Trasferisci{Comune: "F377", DataDecorrenza: marzo, Oggi: oggi},
			Err:   caso.ErrComune, Field: "comune",
		},
	)
}
