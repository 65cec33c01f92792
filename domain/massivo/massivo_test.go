package massivo_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
)

type (
	events   = []massivo.Event
	scenario = domaintest.Scenario[massivo.State, massivo.Event]
)

var (
	scade   = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	mario   = id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d01")}
	voci    = []massivo.Voce{{Riga: 2, Operatore: mario}}
	sbaglio = massivo.Errore{Riga: 2, Campo: "comune", Codice: "accreditamento.comune_fuori_ambito", Suggerimento: "every comune must lie in the ambito"}

	buono    = massivo.Controllato{Ambito: "PA42", Impronta: domain.Digest{1, 2, 3}, Scade: scade, Righe: 1, Esiti: massivo.Esiti{Registrati: 1, Accreditati: 1}}
	cattivo  = massivo.Controllato{Ambito: "PA42", Impronta: domain.Digest{1, 2, 3}, Scade: scade, Righe: 2, Errate: 1, Esiti: massivo.Esiti{Registrati: 2, Accreditati: 3, Invariati: 1}, Errori: []massivo.Errore{sbaglio}}
	avviato  = massivo.Avviato{Voci: voci, Esiti: massivo.Esiti{Registrati: 2, Accreditati: 3, Invariati: 1}}
	ritirato = massivo.Ritirato{Errori: []massivo.Errore{sbaglio}}
	fatto    = massivo.Concluso{Stato: massivo.Applicato}
	disfatto = massivo.Concluso{Stato: massivo.Respinto}
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, massivo.Aggregate.Entries, cattivo, avviato, ritirato, fatto)
}

func TestControlla(t *testing.T) {
	tanti := buono
	tanti.Righe, tanti.Errate, tanti.Errori = 2000, 2000, make([]massivo.Errore, massivo.MaxErrori+1)
	primi := tanti
	primi.Errori = tanti.Errori[1:]
	domaintest.Run(t, massivo.Decider,
		scenario{Name: "notes a good file", When: massivo.Controlla{Esito: buono}, Then: events{buono}},
		scenario{Name: "notes a bad one", When: massivo.Controlla{Esito: cattivo}, Then: events{cattivo}},
		scenario{Name: "tells the first thousand errors and counts all", When: massivo.Controlla{Esito: tanti}, Then: events{primi}},
		scenario{Name: "changes nothing when the file came", Given: events{buono}, When: massivo.Controlla{Esito: cattivo}},
		scenario{Name: "is refused for a file without rows", When: massivo.Controlla{Esito: massivo.Controllato{Ambito: "PA42"}}, Err: massivo.ErrVuoto},
	)
}

func TestAvvia(t *testing.T) {
	avvia := massivo.Avvia{Voci: voci, Esiti: avviato.Esiti, Adesso: scade}
	superato := avvia
	superato.Errori = ritirato.Errori
	tardi := massivo.Avvia{Voci: voci, Adesso: scade.Add(time.Nanosecond)}
	domaintest.Run(t, massivo.Decider,
		scenario{Name: "begins", Given: events{buono}, When: avvia, Then: events{avviato}},
		scenario{Name: "ends where it begins when a row is bad now", Given: events{buono}, When: superato, Then: events{avviato, ritirato, disfatto}},
		scenario{Name: "changes nothing when it was begun", Given: events{buono, avviato}, When: tardi},
		scenario{Name: "changes nothing when it was applied", Given: events{buono, avviato, fatto}, When: tardi},
		scenario{Name: "is refused after a day", Given: events{buono}, When: tardi, Err: massivo.ErrScaduto},
		scenario{Name: "is refused while a row is bad", Given: events{cattivo}, When: avvia, Err: massivo.ErrErrato},
		scenario{Name: "is refused while it is taken back", Given: events{buono, avviato, ritirato}, When: avvia, Err: massivo.ErrRespinto},
		scenario{Name: "is refused when it was taken back", Given: events{buono, avviato, ritirato, disfatto}, When: avvia, Err: massivo.ErrRespinto},
		scenario{Name: "is refused for a file that is not there", When: avvia, Err: massivo.ErrInesistente},
	)
}

func TestTheEndIsOneOfTwo(t *testing.T) {
	ritira, concludi := massivo.Ritira(ritirato), massivo.Concludi{}
	domaintest.Run(t, massivo.Decider,
		scenario{Name: "applied", Given: events{buono, avviato}, When: concludi, Then: events{fatto}},
		scenario{Name: "applied once", Given: events{buono, avviato, fatto}, When: concludi},
		scenario{Name: "a refused row has it taken back", Given: events{buono, avviato}, When: ritira, Then: events{ritirato}},
		scenario{Name: "once", Given: events{buono, avviato, ritirato}, When: ritira},
		scenario{Name: "then nothing of it holds", Given: events{buono, avviato, ritirato}, When: concludi, Then: events{disfatto}},
		scenario{Name: "for good", Given: events{buono, avviato, ritirato, disfatto}, When: concludi},
		scenario{Name: "nothing is taken back of what was applied", Given: events{buono, avviato, fatto}, When: ritira, Err: massivo.ErrNonAvviato},
		scenario{Name: "nor of what was not begun", Given: events{buono}, When: ritira, Err: massivo.ErrNonAvviato},
		scenario{Name: "what was not begun does not end", Given: events{buono}, When: concludi, Err: massivo.ErrNonAvviato},
	)
	s := massivo.Decider.Fold(massivo.State{}, buono, avviato, ritirato)
	if !s.Aperto() || s.Errate != 1 || len(s.Errori) != 1 || s.Stato != massivo.InRitiro {
		t.Errorf("%+v", s)
	}
}
