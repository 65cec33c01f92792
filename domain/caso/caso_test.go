package caso_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/caso"
)

// TestEarlierStatesStayAsTheyWere holds the fold to what commands and replays
// rely on: a state that was kept does not change when the case goes on.
func TestEarlierStatesStayAsTheyWere(t *testing.T) {
	storia := events{
		adi, inAgenda, accodata, rinviato, spedita, svolto, valutato, arrivata, scritta, letta,
		caso.IncontroPianificato{Incontro: i2, Inizio: inAgenda.Inizio, Durata: 30},
		caso.MancataPresentazioneRegistrata{Incontro: i2, Componenti: aRosa, Data: il2apr},
		caso.ComunicazioneAccodata{Comunicazione: c2, Tipo: caso.Promemoria, Canale: caso.SMS, Destinatari: aRosa, Testo: "a domani"},
		caso.ComunicazioneFallita{Comunicazione: c2, Esito: "numero inesistente", Data: marzo},
	}
	var stati []caso.State
	for n := range storia {
		stati = append(stati, caso.Decider.Fold(caso.State{}, storia[:n]...))
	}
	tenuti, s := []caso.State{}, caso.State{}
	for _, e := range storia {
		tenuti, s = append(tenuti, s), caso.Decider.Evolve(s, e)
	}
	if d := cmp.Diff(stati, tenuti); d != "" {
		t.Error(d)
	}
}
