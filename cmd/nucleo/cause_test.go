package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
)

func TestTheTreeOfCausesStandsUnderWhatBeganIt(t *testing.T) {
	comando := uuid.New()
	evento := func(tipo, flusso string, causa uuid.UUID) domain.Recorded {
		return domain.Recorded{ID: uuid.New(), Type: tipo, Stream: flusso, Version: 1, Meta: domain.Meta{Causa: causa, Attore: uuid.New(), Ruolo: domain.SistemaPolitiche, Istante: time.Unix(0, 0)}}
	}
	revoca := evento("RuoloRevocato", "operatore-1", comando)
	libera := evento("AssegnazioneAnnullata", "caso-1", revoca.ID)
	altra := evento("AssegnazioneAnnullata", "caso-2", revoca.ID)
	lettera := evento("ComunicazioneAccodata", "caso-1", libera.ID)
	var b strings.Builder
	if err := disegna(&b, []domain.Recorded{revoca, libera, altra, lettera}, commands.Nomi{}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for riga := range strings.Lines(b.String()) {
		rientro := len(riga) - len(strings.TrimLeft(riga, " "))
		for _, cosa := range []string{comando.String(), "RuoloRevocato", "ComunicazioneAccodata", "in caso-1", "in caso-2"} {
			if strings.Contains(riga, cosa) {
				got = append(got, strings.Repeat(".", rientro)+cosa)
				break
			}
		}
	}
	want := comando.String() + "\n...RuoloRevocato\n......in caso-1\n.........ComunicazioneAccodata\n......in caso-2"
	if strings.Join(got, "\n") != want {
		t.Errorf("drawn as\n%s\nof\n%s", strings.Join(got, "\n"), b.String())
	}
}
