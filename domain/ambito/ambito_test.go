package ambito_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/ambito"
	"nucleo/domain/domaintest"
)

type (
	events   = []ambito.Event
	scenario = domaintest.Scenario[ambito.State, ambito.Event]
)

var (
	creato   = ambito.Creato{Codice: "PA42", Denominazione: "Palermo", Regione: "Sicilia"}
	palermo  = ambito.ComuneAssociato{Comune: "G273"}
	monreale = ambito.ComuneAssociato{Comune: "F377"}

	vietata    = ambito.AutoapprovazioneVietata{Nota: "due coordinatori"}
	consentita = ambito.AutoapprovazioneConsentita{Nota: "uno solo"}
)

func TestStoredEvents(t *testing.T) {
	prima := ambito.ConvenzioneSottoscritta{Comune: "G273", Data: oggi, Firmatario: "Il sindaco"} // as it was lifted from the first shape
	intera := convenuto
	intera.Ente = "Consorzio dei comuni" // of the two there is one; here both, to hold their names
	domaintest.Golden(t, ambito.Aggregate.Entries, creato, palermo, vietata, consentita, prima, intera, delegato, uscita)
}

func TestCrea(t *testing.T) {
	refused := func(name string, err error, field string, cmd ambito.Crea) scenario {
		return scenario{Name: name, When: cmd, Err: err, Field: field}
	}
	lungo := strings.Repeat("à", 200)
	domaintest.Run(t, ambito.Decider,
		scenario{Name: "makes an ambito", When: ambito.Crea(creato), Then: events{creato}},
		scenario{
			Name: "takes a name of 200 letters, accents and all",
			When: ambito.Crea{Codice: "PA42", Denominazione: lungo, Regione: "Sicilia"},
			Then: events{ambito.Creato{Codice: "PA42", Denominazione: lungo, Regione: "Sicilia"}},
		},
		scenario{Name: "changes nothing when it is there", Given: events{creato, palermo}, When: ambito.Crea(creato)},
		scenario{
			Name:  "is refused when the code has another name",
			Given: events{creato},
			When:  ambito.Crea{Codice: "PA42", Denominazione: "Bagheria", Regione: "Sicilia"},
			Err:   ambito.ErrGiaCreato, Field: "codice",
		},
		scenario{
			Name:  "is refused when the code lies in another region",
			Given: events{creato},
			When:  ambito.Crea{Codice: "PA42", Denominazione: "Palermo", Regione: "Calabria"},
			Err:   ambito.ErrGiaCreato, Field: "codice",
		},
		refused("is refused for a code that cannot name a stream", ambito.ErrCodice, "codice", ambito.Crea{Codice: "PA 42", Denominazione: "Palermo", Regione: "Sicilia"}),
		refused("is refused for a code in small letters", ambito.ErrCodice, "codice", ambito.Crea{Codice: "pa42", Denominazione: "Palermo", Regione: "Sicilia"}),
		refused("is refused for a code of 21 signs", ambito.ErrCodice, "codice", ambito.Crea{Codice: strings.Repeat("A", 21), Denominazione: "Palermo", Regione: "Sicilia"}),
		refused("is refused without a name", ambito.ErrDenominazione, "denominazione", ambito.Crea{Codice: "PA42", Denominazione: " ", Regione: "Sicilia"}),
		refused("is refused with a name too long", ambito.ErrDenominazione, "denominazione", ambito.Crea{Codice: "PA42", Denominazione: lungo + "à", Regione: "Sicilia"}),
		refused("is refused without a region", ambito.ErrDenominazione, "regione", ambito.Crea{Codice: "PA42", Denominazione: "Palermo"}),
	)
}

func TestAssociaComuni(t *testing.T) {
	associa := func(comuni ...string) ambito.AssociaComuni {
		return ambito.AssociaComuni{
			Comuni:      comuni,
			Sconosciuto: func(c string) bool { return c == "Z999" },
			Altrove:     func(c string) bool { return c == "A546" || c == "G273" },
		}
	}
	domaintest.Run(t, ambito.Decider,
		scenario{
			Name:  "adds comuni, each once, in order",
			Given: events{creato},
			When:  associa("F377", "C067", "F377"),
			Then:  events{ambito.ComuneAssociato{Comune: "C067"}, monreale},
		},
		scenario{Name: "passes over those that belong to it", Given: events{creato, palermo, monreale}, When: associa("F377", "G273")},
		scenario{Name: "changes nothing when it names none", Given: events{creato}, When: associa()},
		scenario{Name: "is refused for an ambito that is not there", When: associa("F377"), Err: ambito.ErrInesistente},
		scenario{Name: "is refused for what is no comune", Given: events{creato}, When: associa("F377", "Z999"), Err: ambito.ErrComune, Field: "comuni"},
		scenario{Name: "is refused for a comune of another ambito", Given: events{creato}, When: associa("A546", "F377"), Err: ambito.ErrComuneAssociato, Field: "comuni"},
	)
}

func TestAnAmbitoWithoutComuniIsNotNone(t *testing.T) {
	want := ambito.State{Codice: "PA42", Denominazione: "Palermo", Regione: "Sicilia", Comuni: []string{}}
	if diff := cmp.Diff(want, ambito.Decider.Fold(ambito.State{}, creato)); diff != "" {
		t.Error(diff)
	}
}

func TestRegolaAutoapprovazione(t *testing.T) {
	vieta := ambito.RegolaAutoapprovazione{Vietata: true, Nota: "due coordinatori"}
	consenti := ambito.RegolaAutoapprovazione{Nota: "uno solo"}
	domaintest.Run(t, ambito.Decider,
		scenario{Name: "has another decide", Given: events{creato}, When: vieta, Then: events{vietata}},
		scenario{Name: "changes nothing when another decides already", Given: events{creato, vietata}, When: vieta},
		scenario{Name: "lets one decide again", Given: events{creato, vietata}, When: consenti, Then: events{consentita}},
		scenario{Name: "changes nothing where nothing was said", Given: events{creato}, When: consenti},
		scenario{Name: "forbids again what was allowed", Given: events{creato, vietata, consentita}, When: vieta, Then: events{vietata}},
		scenario{Name: "is refused for an ambito that is not there", When: vieta, Err: ambito.ErrInesistente},
		scenario{
			Name: "is refused with a note too long", Given: events{creato}, When: ambito.RegolaAutoapprovazione{Vietata: true, Nota: strings.Repeat("à", 501)},
			Err: ambito.ErrNota, Field: "nota",
		},
	)
}
