package operatore_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/operatore"
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, operatore.Aggregate.Entries,
		operatore.Registrato{
			CodiceFiscale: "VRDMRA75A01G273Q", Cognome: "VERDONE", Nome: "MARIO", DataNascita: giorno.Data(1975, 1, 1), ComuneNascita: "G273",
			Genere: "M", Email: "mario@example.org", Telefono: "0915550105",
		},
		operatore.Accreditato{
			Accreditamento: acc("a1"), Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: "PA42", Comuni: []string{"F377", "G273"}},
			Livello: "C", Fondo: "PON", Dal: giorno.Data(2024, 1, 15),
			Richiesta: operatore.Richiesta{Protocollo: "2024/117", Data: giorno.Data(2024, 1, 10), NotaPEC: "2024/98", Documento: "CI CA12345AB", Delega: "2024/3"},
		},
		operatore.Accreditato{ // as it was lifted from the first shape
			Accreditamento: acc("a1"), Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: "PA42", Comuni: []string{"F377", "G273"}},
			Livello: "C", Fondo: "PON", Dal: giorno.Data(2024, 1, 15), Richiesta: operatore.Richiesta{Protocollo: "2024/117"},
		},
		operatore.RegistrazioneAnnullata{Motivo: "il file è stato ritirato"},
		operatore.Modificato{Accreditamento: acc("a1"), Da: []string{"F377", "G273"}, Comuni: []string{"F377"}, Livello: "C"}, // as it was lifted from the first shape
		operatore.Modificato{
			Accreditamento: acc("a1"), Da: []string{"G273"}, Comuni: []string{"F377", "G273"}, Livello: "C",
			Richiesta: operatore.Richiesta{Protocollo: "2024/117", Data: giorno.Data(2024, 1, 10), NotaPEC: "2024/98", Documento: "CI CA12345AB", Delega: "2024/3"},
		},
		operatore.FondoAggiornato{Accreditamento: acc("a1"), Fondo: "FONDO_POVERTA"},
		operatore.RecapitiAggiornati{Email: "mario@example.org", Telefono: "0915550105"},
		operatore.NascitaCompletata{DataNascita: giorno.Data(1975, 1, 1), ComuneNascita: "G273", Genere: "M"},
		operatore.Sospeso{Motivo: "procedimento disciplinare"},
		operatore.Riattivato{Motivo: "procedimento concluso"},
		operatore.AccreditamentoSospeso{Accreditamento: acc("a1"), Motivo: "procedimento disciplinare"},
		operatore.AccreditamentoRiattivato{Accreditamento: acc("a1"), Motivo: "procedimento concluso"},
		operatore.Revocato{Accreditamento: acc("a1"), Motivo: "passa ad altro ufficio"},
		operatore.IndisponibilitaRegistrata{Indisponibilita: indisponibilitaDiProva, Dal: giorno.Data(2024, 8, 1), Al: giorno.Data(2024, 8, 21), Motivo: operatore.Ferie},
		operatore.IndisponibilitaRevocata{Indisponibilita: indisponibilitaDiProva},
		operatore.AccessoRifiutato{Motivo: operatore.LivelloInsufficiente, Giorno: giorno.Data(2024, 2, 1)},
	)
}
