package caso_test

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

type (
	events   = []caso.Event
	scenario = domaintest.Scenario[caso.State, caso.Event]
)

// Case managers: Anna and Bruno work in Palermo and Monreale, two comuni of
// one ambito; Carla in Bagheria, which lies in another.
var (
	anna  = operatore("a1")
	bruno = operatore("b1")
	carla = operatore("c1")

	aPalermo  = domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}
	aMonreale = domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}
	ovunquePA = domain.Territorio{Ambito: "PA42"}
	aBagheria = domain.Territorio{Ambito: "PA39"}

	diPalermo  = []caso.Incarico{{Territorio: aPalermo, Fondo: caso.PON}}
	diMonreale = []caso.Incarico{{Territorio: aMonreale}}
	diBagheria = []caso.Incarico{{Territorio: aBagheria}}
)

var (
	gennaio  = giorno.Data(2024, 1, 15)
	febbraio = giorno.Data(2024, 2, 1)
	marzo    = giorno.Data(2024, 3, 1)
	oggi     = giorno.Data(2024, 6, 30)
)

// The nucleo: Rosa asked, Pino is her husband, Lia their daughter of ten.
// Ugo is her brother, who is not in it.
var (
	rosa = persona("RSSRSO80A41G273X", "ROSSI", "ROSA", "F", giorno.Data(1980, 1, 1), caso.Richiedente)
	pino = persona("BNCPNI79B02G273Y", "BIANCHI", "PINO", "M", giorno.Data(1979, 2, 2), "CONIUGE")
	lia  = persona("BNCLIA14C43G273Z", "BIANCHI", "LIA", "F", giorno.Data(2014, 3, 3), "FIGLIO")
	ugo  = persona("RSSGUO82D04G273W", "ROSSI", "UGO", "M", giorno.Data(1982, 4, 4), "FRATELLO_SORELLA")

	viaRoma    = caso.Indirizzo{Via: "VIA ROMA", Civico: "14", CAP: "90121", Comune: "G273"}
	viaEtna    = caso.Indirizzo{Via: "VIA ETNA", Civico: "3", CAP: "90046", Comune: "F377"}
	corsoUmber = caso.Indirizzo{Via: "CORSO UMBERTO", Civico: "1", CAP: "90011", Comune: "A546"}
)

// domanda is what INPS sent; ricevuta is the same with what follows from it.
var (
	domanda = caso.DomandaRicevuta{
		IDDomanda: "INPS-RDC-2024-1001", Misura: caso.RDC, DataPresentazione: gennaio, DataTrasmissioneComune: febbraio,
		Ambito: "PA42", Comune: "G273", Indirizzo: viaRoma, Componenti: []caso.Componente{rosa, pino, lia}, ISEE: 512300,
	}
	ricevuta = func() caso.DomandaRicevuta {
		d := domanda
		d.Componenti = []caso.Componente{numerata(rosa, 0), numerata(pino, 1), numerata(lia, 2)}
		d.PresenzaMinori = true
		return d
	}()
	adAnna    = caso.Assegnato{CaseManager: anna, Modalita: caso.Manuale, Fondo: caso.PON}
	aBruno    = caso.Riassegnato{Da: anna, A: bruno, Fondo: caso.PON, Motivo: "ferie"}
	toltoAnna = caso.Annullata{CaseManager: anna, Motivo: caso.Richiesta}
)

func operatore(s string) id.Operatore {
	return id.Operatore{UUID: uuid.MustParse("00000000-0000-7000-8000-0000000000" + s)}
}

func persona(cf, cognome, nome, sesso string, nascita giorno.Giorno, relazione string) caso.Componente {
	return caso.Componente{CodiceFiscale: cf, Cognome: cognome, Nome: nome, Sesso: sesso, DataNascita: nascita, ComuneNascita: "G273", Relazione: relazione}
}

// numeri are the ids of the people of the domanda, in the order they entered.
var numeri = []string{
	"cf7a25e9-104d-51b7-ac0a-309d8fe1e376",
	"93e2b971-1bf6-52a0-bdf5-da2c478201f3",
	"35b63e4a-b08b-5719-bdcf-9df5ed039d5e",
	"b8b38abd-6e1f-5e62-a930-7918553f1d34",
	"492471d8-1bd2-5e8d-b8cc-48ac63e692bb",
}

func numerata(c caso.Componente, n int) caso.Componente {
	c.ID = id.Componente{UUID: uuid.MustParse(numeri[n])}
	return c
}

// con is the domanda with a change.
func con(cambia func(*caso.DomandaRicevuta)) caso.RiceviDomanda {
	d := domanda
	d.Componenti = slices.Clone(d.Componenti)
	cambia(&d)
	return caso.RiceviDomanda{Domanda: d, Oggi: oggi}
}

func figli(n int) (figli []caso.Componente) {
	for i := range n {
		f := lia
		f.CodiceFiscale = "BNCFGL14C43G27" + string(rune('A'+i/26)) + string(rune('A'+i%26))
		figli = append(figli, f)
	}
	return figli
}

var lungo = strings.Repeat("à", 501)
