package caso_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// piena is a person about whom everything is known.
var piena = caso.Componente{
	ID: id.Componente{UUID: uuid.MustParse("cf7a25e9-104d-51b7-ac0a-309d8fe1e376")}, CodiceFiscale: "RSSRSO80A41G273X", Cognome: "ROSSINI", Nome: "ROSALIA", Sesso: "F",
	DataNascita: giorno.Data(1980, 1, 1), ComuneNascita: "H501", Nazionalita: "Z100", Relazione: caso.Richiedente,
	Convivente: true, Disabilita: true, GradoDisabilita: "MEDIA", Occupazione: "DISOCCUPATA", MesiDisoccupazione: 14,
	NASpI: true, DIDFirmata: true, StatoPattoLavoro: "SOTTOSCRITTO", Studente: true, TitoloStudio: "DIPLOMA",
	QualificaProfessionale: "SARTA", TitoloSoggiorno: "PERMESSO_LUNGO", TenutoAgliObblighi: true, StatoBeneficio: "ACCOLTA",
	Recapiti: caso.Recapiti{Telefono: "0915550101", Cellulare: "3335550102", Email: "rosalia@example.org"},
}

func TestStoredEvents(t *testing.T) {
	processo := uuid.MustParse("00000000-0000-7000-8000-00000000f001")
	domaintest.Golden(t, caso.Aggregate.Entries, slices.Concat(esempi, esempiIncontri, esempiSegnalazioni, esempiComunicazioni, esempiDiario, esempiScadenze, esempiProtezione, []domain.Event{
		caso.DomandaRicevuta{
			IDDomanda: "INPS-ADI-2024-1001", Misura: caso.ADI, DataPresentazione: gennaio, DataRiconoscimento: gennaio + 1,
			DataSottoscrizionePAD: gennaio + 2, DataTrasmissioneComune: febbraio, Ambito: "PA42", Comune: "G273", Indirizzo: viaRoma,
			Componenti: []caso.Componente{piena}, ISEE: 512300, ImportoMensile: 48050, PresenzaMinori: true, PresenzaDisabili: true,
			Recapiti: caso.Recapiti{Telefono: "0915550103", Cellulare: "3335550104", Email: "nucleo@example.org"},
		},
		caso.ComposizioneNucleoAggiornata{
			Aggiunti: []caso.Componente{piena}, Rimossi: []caso.Rimosso{{Componente: numerata(pino, 1).ID, Motivo: "DECESSO"}},
			Modificati: []caso.Componente{cambiata(piena, func(c *caso.Componente) { c.ID, c.Nome = numerata(lia, 2).ID, "LUCIA" })}, DataDecorrenza: marzo, Fonte: caso.FonteINPS,
		},
		caso.Trasferito{ComuneDa: "G273", ComuneA: "F377", AmbitoDa: "PA42", AmbitoA: "PA43", Interno: true, Indirizzo: viaEtna, DataDecorrenza: marzo},
		caso.PADSottoscritto{Data: gennaio + 2},
		caso.Assegnato{CaseManager: anna, Modalita: caso.Automatica, Processo: processo, Fondo: caso.PON, Motivo: "carico più basso"},
		caso.Riassegnato{Da: anna, A: bruno, Fondo: caso.FondoPoverta, Motivo: "ferie"},
		caso.Annullata{CaseManager: anna, Motivo: caso.AltroMotivo, Nota: "maternità"},
	})...)
}
