package accesso_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, accesso.Aggregate.Entries, accesso.Registrato{
		Operatore:  id.Operatore{UUID: uuid.MustParse("3f0f7a0e-0f6e-4d0c-9a51-2c8a2f7a9d01")},
		Profilo:    id.Accreditamento{UUID: uuid.MustParse("3f0f7a0e-0f6e-4d0c-9a51-2c8a2f7a9d02")},
		Ruolo:      domain.CoordinatorePaIS,
		Territorio: domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}},
		Sessione:   "5f0f7a0e", Richiesta: uuid.MustParse("3f0f7a0e-0f6e-4d0c-9a51-2c8a2f7a9d03"),
		Rotta: "POST /rest/nucleo/v1/casi/ricerche", Decisione: accesso.Negato, Motivo: "non_trovato",
		Caso:   id.Caso{UUID: uuid.MustParse("3f0f7a0e-0f6e-4d0c-9a51-2c8a2f7a9d04")},
		Classi: []accesso.Classe{accesso.Instradamento}, Righe: 10, Campi: []string{"codice_fiscale"},
	})
}

func TestAStreamIsNamedByAmbitoMonthAndWriter(t *testing.T) {
	mese := accesso.Mese(time.Date(2026, 5, 31, 23, 0, 0, 0, time.UTC))
	for _, in := range []string{"PA42", "PA-4-2", accesso.Nazionale} {
		flusso := accesso.Flusso(in, mese, "0a1b2c3d")
		ambito, m, ok := accesso.Luogo(flusso)
		if !ok || ambito != in || m != "202605" || flusso != "accesso-"+in+"-202605-0a1b2c3d" {
			t.Errorf("%s: %s %s %v", flusso, ambito, m, ok)
		}
	}
	for _, altro := range []string{"caso-PA42-202605-0a1b2c3d", "accesso-PA42", "accesso-PA42-x-y", ""} {
		if _, _, ok := accesso.Luogo(altro); ok {
			t.Errorf("%s is no stream of the access log", altro)
		}
	}
}
