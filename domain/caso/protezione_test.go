package caso_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
)

var (
	protetto          = caso.ProtezioneDisposta{Motivo: caso.Antiviolenza}
	nonProtetto       = caso.ProtezioneRevocata{Motivo: caso.Antiviolenza}
	esempiProtezione  = []domain.Event{protetto, nonProtetto}
	proteggi, revocaP = caso.Proteggi{Motivo: caso.Antiviolenza}, caso.RevocaProtezione{}
)

func TestProteggi(t *testing.T) {
	domaintest.Run(t, caso.Decider,
		scenario{Name: "protects", Given: events{ricevuta}, When: proteggi, Then: events{protetto}},
		scenario{Name: "protects what is closed", Given: events{ricevuta, caso.CasoChiuso{Motivo: "RINUNCIA"}}, When: proteggi, Then: events{protetto}},
		scenario{Name: "changes nothing when it is so", Given: events{ricevuta, protetto}, When: proteggi},
		scenario{Name: "gives another reason", Given: events{ricevuta, caso.ProtezioneDisposta{Motivo: caso.Notorieta}}, When: proteggi, Then: events{protetto}},
		scenario{Name: "protects again", Given: events{ricevuta, protetto, nonProtetto}, When: proteggi, Then: events{protetto}},
		scenario{Name: "is refused in words of one's own", Given: events{ricevuta}, When: caso.Proteggi{Motivo: "il marito"}, Err: caso.ErrMotivoProtezione, Field: "motivo"},
		scenario{Name: "is refused without a case", When: proteggi, Err: caso.ErrInesistente},
	)
}

func TestRevocaProtezione(t *testing.T) {
	domaintest.Run(t, caso.Decider,
		scenario{Name: "ends it", Given: events{ricevuta, protetto}, When: revocaP, Then: events{nonProtetto}},
		scenario{Name: "changes nothing where there is none", Given: events{ricevuta}, When: revocaP},
		scenario{Name: "changes nothing twice", Given: events{ricevuta, protetto, nonProtetto}, When: revocaP},
		scenario{Name: "is refused without a case", When: revocaP, Err: caso.ErrInesistente},
	)
}
