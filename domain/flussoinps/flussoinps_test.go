package flussoinps_test

import (
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

type (
	events   = []flussoinps.Event
	scenario = domaintest.Scenario[flussoinps.State, flussoinps.Event]
)

func chiave[I ~struct{ uuid.UUID }](s string) I {
	return I{uuid.MustParse("00000000-0000-7000-8000-0000000000" + s)}
}

var (
	oggi      = giorno.Data(2026, 5, 4)
	v1        = flussoinps.Voce{Caso: chiave[id.Caso]("c1"), Segnalazione: chiave[id.Segnalazione]("01"), Tipo: flussoinps.Segnalazione}
	v2        = flussoinps.Voce{Caso: chiave[id.Caso]("c2"), Segnalazione: chiave[id.Segnalazione]("02"), Tipo: flussoinps.Segnalazione}
	corregge  = flussoinps.Voce{Caso: v1.Caso, Segnalazione: v1.Segnalazione, Tipo: flussoinps.Rettifica}
	aperto    = flussoinps.Aperto{Giorno: oggi, Numero: 1}
	dentro1   = flussoinps.SegnalazioneInclusa{Voce: v1}
	dentro2   = flussoinps.SegnalazioneInclusa{Voce: v2}
	fuori2    = flussoinps.SegnalazioneEsclusa{Voce: v2, Motivo: "segnalazione.annullata"}
	trasmesso = flussoinps.Trasmesso{Impronta: domain.Digest{1}, Voci: []flussoinps.Voce{v1}}
	ricevuta  = flussoinps.RicevutaRegistrata{Voce: v1, Ricevuta: "R-1"}
	chiuso    = flussoinps.Chiuso{Ricevute: 1, Escluse: 1}

	due = events{aperto, dentro1, dentro2}
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, flussoinps.Aggregate.Entries, aperto, dentro1, fuori2, trasmesso, ricevuta, chiuso)
}

func TestAFlussoIsNamedByItsDayAndNumber(t *testing.T) {
	if got := flussoinps.Decider.Stream(flussoinps.Chiave(oggi, 12)); got != "flussoinps-20260504-12" || domain.Key(got) != "20260504-12" {
		t.Error(got)
	}
}

func TestAFlussoFillsIsSentAndEnds(t *testing.T) {
	apri := flussoinps.Apri{Giorno: oggi, Numero: 1}
	domaintest.Run(t, flussoinps.Decider,
		scenario{Name: "begins", When: apri, Then: events{aperto}},
		scenario{Name: "begins once", Given: events{aperto}, When: apri},
		scenario{Name: "does not begin without a number", When: flussoinps.Apri{Giorno: oggi}, Err: flussoinps.ErrNumero},
		scenario{Name: "takes in each once", Given: events{aperto, dentro1}, When: flussoinps.Includi{Voci: []flussoinps.Voce{v1, v2, v2}}, Then: events{dentro2}},
		scenario{Name: "takes in a segnalazione and its correction", Given: events{aperto, dentro1}, When: flussoinps.Includi{Voci: []flussoinps.Voce{corregge}}, Then: events{flussoinps.SegnalazioneInclusa{Voce: corregge}}},
		scenario{Name: "takes in nothing before it begins", When: flussoinps.Includi{Voci: []flussoinps.Voce{v1}}, Err: flussoinps.ErrInesistente},
		scenario{Name: "takes in nothing after it was sent", Given: events{aperto, dentro1, trasmesso}, When: flussoinps.Includi{Voci: []flussoinps.Voce{v2}}, Err: flussoinps.ErrTrasmesso},
		scenario{Name: "takes in no more than fit", Given: events{aperto}, When: flussoinps.Includi{Voci: molte(flussoinps.Massimo + 1)}, Err: flussoinps.ErrPieno},
		scenario{Name: "lets go of what was annulled", Given: due, When: flussoinps.Escludi(fuori2), Then: events{fuori2}},
		scenario{Name: "lets go of nothing that was sent", Given: events{aperto, dentro1, trasmesso}, When: flussoinps.Escludi{Voce: v1, Motivo: "x"}},
		scenario{Name: "lets go of nothing that it does not hold", Given: events{aperto}, When: flussoinps.Escludi{Voce: v1}, Err: flussoinps.ErrVoce},
		scenario{Name: "ends when nothing is left to send", Given: events{aperto, dentro2}, When: flussoinps.Escludi(fuori2), Then: events{fuori2, flussoinps.Chiuso{Escluse: 1}}},
		scenario{Name: "is sent", Given: due, When: flussoinps.Trasmetti(trasmesso), Then: events{trasmesso}},
		scenario{Name: "is sent once", Given: events{aperto, dentro1, trasmesso}, When: flussoinps.Trasmetti(trasmesso)},
		scenario{Name: "does not send what it let go", Given: append(due, fuori2), When: flussoinps.Trasmetti{Voci: []flussoinps.Voce{v2}}, Err: flussoinps.ErrVoce},
		scenario{Name: "waits for all receipts", Given: append(due, trasmesso), When: flussoinps.RegistraRicevuta(ricevuta), Then: events{ricevuta}},
		scenario{Name: "ends with the last receipt", Given: append(due, fuori2, trasmesso), When: flussoinps.RegistraRicevuta(ricevuta), Then: events{ricevuta, chiuso}},
		scenario{Name: "takes a receipt before it knows that it was sent", Given: events{aperto, dentro1}, When: flussoinps.RegistraRicevuta(ricevuta), Then: events{ricevuta, flussoinps.Chiuso{Ricevute: 1}}},
		scenario{Name: "takes a receipt once", Given: events{aperto, dentro1, ricevuta, chiuso}, When: flussoinps.RegistraRicevuta(ricevuta)},
		scenario{Name: "takes no receipt of what it let go", Given: append(due, fuori2), When: flussoinps.RegistraRicevuta{Voce: v2, Ricevuta: "R"}, Err: flussoinps.ErrVoce},
		scenario{Name: "takes no empty receipt", Given: due, When: flussoinps.RegistraRicevuta{Voce: v1}, Err: flussoinps.ErrRicevuta, Field: "ricevuta_inps"},
	)
}

func molte(n int) (voci []flussoinps.Voce) {
	for range n {
		voci = append(voci, flussoinps.Voce{Segnalazione: id.New[id.Segnalazione](), Tipo: flussoinps.Segnalazione})
	}
	return voci
}
