package caso_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// TestStoriesOfTheServices lets a monitored case live through random commands
// of those who meet the nucleo, write to it and report it, on a clock that
// mostly goes on, and holds it to what must always be so.
func TestStoriesOfTheServices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := servizio{Story: &domaintest.Story[caso.State, caso.Event]{Decider: caso.Decider, Catalog: domain.NewCatalog(caso.Aggregate)}, oggi: oggi}
		s.Events = slices.Concat(monitorata[:len(monitorata)-1], events{caso.RecapitiAggiornati{Recapiti: caso.Recapiti{Cellulare: "3335550109"}, Fonte: caso.FonteComune}})
		s.State = caso.Decider.Fold(caso.State{}, s.Events...)
		t.Repeat(map[string]func(*rapid.T){
			"":         s.holds,
			"passa":    func(t *rapid.T) { s.oggi += giorno.Giorno(uno(t, 1, 7, 31, 100, -3)) },
			"segnala":  func(t *rapid.T) { s.Ask(t, s.segnala(t)) },
			"decide":   func(t *rapid.T) { s.Ask(t, s.decide(t)) },
			"spedisce": func(t *rapid.T) { s.Ask(t, s.spedisce(t)) },
			"avanti":   func(t *rapid.T) { s.avanti(t) },
			"avanti 2": func(t *rapid.T) { s.avanti(t) },
			"comunica": func(t *rapid.T) { s.Ask(t, s.comunica(t)) },
			"incontra": func(t *rapid.T) { s.Ask(t, s.incontra(t)) },
			"valuta":   func(t *rapid.T) { s.Ask(t, s.valuta(t)) },
			"annota": func(t *rapid.T) {
				s.Ask(t, caso.Annota{Annotazione: delle[id.Annotazione](t), Testo: uno(t, "a", "b", "")})
			},
			"guarda": func(t *rapid.T) { s.Ask(t, caso.RegistraScadenze{Oggi: s.oggi}) },
			"chiude": func(t *rapid.T) { s.chiude(t) },
		})
	})
}

type servizio struct {
	*domaintest.Story[caso.State, caso.Event]
	oggi giorno.Giorno
}

type chiesto = domain.Command[caso.State, caso.Event]

// delle is one of a few ids, so that commands meet.
func delle[I ~struct{ uuid.UUID }](t *rapid.T) I { return chiave[I](uno(t, "01", "02")) }

func (s *servizio) chiude(t *rapid.T) {
	if s.State.Stato == caso.Chiuso {
		s.Ask(t, caso.RiapriCaso{Motivazione: "torna", Ruolo: domain.CaseManager})
	} else if rapid.IntRange(0, 4).Draw(t, "chiude") == 0 {
		s.Ask(t, caso.ChiudiCaso{Motivo: caso.ChiusoPerRinuncia, Data: s.oggi, Ruolo: domain.CaseManager, Oggi: s.oggi})
	}
}

func (s *servizio) giorno(t *rapid.T) giorno.Giorno {
	return s.oggi - giorno.Giorno(uno(t, 0, 1, 30, 100, -1))
}

func (s *servizio) segnala(t *rapid.T) chiesto {
	accertamento := s.giorno(t)
	return caso.ProponiSegnalazione{
		Segnalazione: delle[id.Segnalazione](t), Categoria: uno(t, caso.ADIAltro, caso.ADIMancataPresentazione, caso.ADIMancataSottoscrizione, caso.RDCAltro),
		Componente: uno(t, numerata(rosa, 0).ID, id.Componente{}), DataFatto: accertamento - 1, Accertamento: accertamento, Dettaglio: uno(t, "x", "x", ""),
		Precedente: uno(t, id.Segnalazione{}, s1), Operatore: anna, Calendario: palermo, Oggi: s.oggi,
	}
}

func (s *servizio) decide(t *rapid.T) chiesto {
	i, chi := delle[id.Segnalazione](t), uno(t, anna, dora)
	return uno[chiesto](t,
		caso.ApprovaSegnalazione{Segnalazione: i, Operatore: chi}, caso.ApprovaSegnalazione{Segnalazione: i, Operatore: chi, PropriaVietata: true},
		caso.RifiutaSegnalazione{Segnalazione: i, Operatore: chi, Motivazione: uno(t, "mancano le prove", "no")},
		caso.RitiraSegnalazione{Segnalazione: i, Motivazione: "x"}, caso.AnnullaInvio{Segnalazione: i, Motivazione: "x"},
		caso.RettificaSegnalazione{Segnalazione: i, Motivazione: "x"},
	)
}

func (s *servizio) spedisce(t *rapid.T) chiesto {
	i, numero := delle[id.Segnalazione](t), uno(t, "1", "1", "1", "2")
	return uno[chiesto](t,
		caso.MettiInUscita{Segnalazione: i, Flusso: numero}, caso.PrendiPerInvio{Segnalazione: i, Flusso: numero, Tentativo: uno(t, 1, 2, 3)},
		caso.RegistraInvio{Segnalazione: i, Protocollo: numero, InviataIl: s.oggi.Time(), Oggi: s.oggi},
		caso.RegistraInvioFallito{Segnalazione: i, Errore: "x", Tentativo: uno(t, 1, 2)},
		caso.RegistraAcquisizione{Segnalazione: i, Protocollo: numero, Ricevuta: numero, Istante: s.oggi.Time(), Oggi: s.oggi},
	)
}

// avanti asks what leads a segnalazione and a message on their way.
func (s *servizio) avanti(t *rapid.T) {
	i, m := delle[id.Segnalazione](t), delle[id.Comunicazione](t)
	questa, _ := s.State.Segnalazioni.Trova(i)
	switch {
	case questa.Stato == caso.DaValidare:
		s.Ask(t, caso.ApprovaSegnalazione{Segnalazione: i, Operatore: dora})
	case questa.Stato == caso.Approvata:
		s.Ask(t, caso.MettiInUscita{Segnalazione: i, Flusso: "1"})
	case questa.Stato == caso.InUscita && len(questa.Aperti) == 0:
		s.Ask(t, caso.PrendiPerInvio{Segnalazione: i, Flusso: questa.Flusso, Tentativo: questa.Tentativo + 1})
	case questa.Stato == caso.InUscita:
		s.Ask(t, uno[chiesto](t,
			caso.RegistraInvio{Segnalazione: i, Protocollo: "1", InviataIl: s.oggi.Time(), Oggi: s.oggi},
			caso.RegistraInvioFallito{Segnalazione: i, Errore: "x", Tentativo: questa.Aperti[0]},
			caso.RegistraAcquisizione{Segnalazione: i, Protocollo: "1", Ricevuta: "1", Istante: s.oggi.Time(), Oggi: s.oggi},
		))
	case questa.Stato == caso.Inviata:
		s.Ask(t, caso.RegistraAcquisizione{Segnalazione: i, Ricevuta: "1", Oggi: s.oggi})
	}
	if messaggio, c := s.State.Comunicazioni.Trova(m); c && messaggio.Stato != caso.Fallita {
		s.Ask(t, uno[chiesto](t,
			caso.RegistraInvioComunicazione{Comunicazione: m}, caso.RegistraConsegna{Comunicazione: m, Data: s.oggi, Oggi: s.oggi},
			caso.RegistraMancataConsegna{Comunicazione: m, Esito: "x", Data: s.oggi, Oggi: s.oggi},
		))
	}
}

func (s *servizio) comunica(t *rapid.T) chiesto {
	i, tipo, il := delle[id.Comunicazione](t), uno(t, caso.Convocazione, caso.Promemoria, caso.RichiamoFormale), s.giorno(t)
	return uno[chiesto](t,
		caso.InviaComunicazione{Comunicazione: i, Tipo: tipo, Canale: uno(t, caso.SMS, caso.SMS, caso.EMAIL), Destinatari: aRosa, Testo: "x", Ripete: uno(t, id.Comunicazione{}, chiave[id.Comunicazione]("01")), Oggi: s.oggi},
		caso.RegistraInvioComunicazione{Comunicazione: i}, caso.RegistraConsegna{Comunicazione: i, Data: il, Oggi: s.oggi},
		caso.RegistraMancataConsegna{Comunicazione: i, Esito: "x", Data: il, Oggi: s.oggi},
		caso.RegistraComunicazioneFormale{Comunicazione: i, Tipo: tipo, Mezzo: caso.NotificaAMani, DataInvio: il, Oggi: s.oggi},
		caso.RegistraEsitoComunicazione{Comunicazione: i, Esito: uno(t, caso.EsitoConsegnata, caso.Sconosciuto), DataRicezione: il, Oggi: s.oggi},
	)
}

func (s *servizio) incontra(t *rapid.T) chiesto {
	i, il := delle[id.Incontro](t), s.giorno(t)
	quando := s.oggi.Time().Add(time.Duration(uno(t, 9, 33, -24)) * time.Hour)
	return uno[chiesto](t,
		caso.PianificaIncontro{Incontro: i, Inizio: quando, Durata: 30, Oggi: s.oggi}, caso.RinviaIncontro{Incontro: i, NuovoInizio: quando, Motivo: "x", Oggi: s.oggi},
		caso.AnnullaIncontro{Incontro: i, Motivo: "x"}, caso.RegistraMancataPresentazione{Incontro: i, Componenti: aRosa, Data: il, Oggi: s.oggi},
		caso.RegistraIncontro{Incontro: i, Tipo: uno(t, caso.AvvenutoIncontro, caso.PresentazioneSpontanea), Data: il, Presenti: aRosa, Oggi: s.oggi},
		caso.RegistraIncontro{Incontro: i, Tipo: caso.GiustificatoMotivo, Data: il, Motivazione: "x", Oggi: s.oggi},
	)
}

func (s *servizio) valuta(t *rapid.T) chiesto {
	return uno[chiesto](t,
		caso.ValutaIncontro{Incontro: delle[id.Incontro](t), Risultati: valuta.Risultati, Impegni: valuta.Impegni, Note: uno(t, "", "x")},
		caso.ValutaImpegno{Impegno: uno(t, corso.ID, corso.ID, id.Impegno{}), Valutazione: uno(t, caso.ScalaImpegni...), Data: s.giorno(t), Oggi: s.oggi},
	)
}

// holds checks what is true of every case at every moment.
func (s *servizio) holds(t *rapid.T) {
	ultimo := map[id.Segnalazione]string{}
	superate := map[caso.ScadenzaSuperata]bool{}
	for _, e := range s.Events {
		if x, ok := e.(caso.ScadenzaSuperata); ok {
			if superate[x] {
				t.Fatalf("%v is noted twice", x)
			}
			superate[x] = true
		}
		if i, tocca := segnalata(e); tocca {
			if prima, c := ultimo[i]; c && !slices.Contains(segue[prima], e.EventType()) {
				t.Fatalf("%s follows %s", e.EventType(), prima)
			}
			ultimo[i] = e.EventType()
		}
	}
	for _, x := range s.State.Segnalazioni {
		if x.Annullabile() && (x.Protocollo != "" || len(x.Aperti) > 0) || x.EsitoIncerto() && x.Protocollo != "" {
			t.Fatalf("%+v", x)
		}
	}
	for _, x := range caso.Scadenze(s.State, s.oggi) {
		if x.Giorno.IsZero() || x.Tipo == "" {
			t.Fatalf("a clock without end: %+v", x)
		}
	}
	orologi(t, s.Events, s.State, s.oggi)
	for _, x := range s.State.Incontri.Elenco {
		if x.Registrato.Data > s.State.Incontri.Ultima {
			t.Fatalf("the counter stands at %s after a meeting on %s", s.State.Incontri.Ultima, x.Registrato.Data)
		}
	}
}

// segnalata is whose segnalazione an event is about.
func segnalata(e caso.Event) (id.Segnalazione, bool) {
	switch e := e.(type) {
	case caso.SegnalazioneProposta:
		return e.Segnalazione, true
	case caso.SegnalazioneRitirata:
		return e.Segnalazione, true
	case caso.SegnalazioneApprovata:
		return e.Segnalazione, true
	case caso.SegnalazioneRifiutata:
		return e.Segnalazione, true
	case caso.SegnalazioneMessaInUscita:
		return e.Segnalazione, true
	case caso.SegnalazionePresaPerInvio:
		return e.Segnalazione, true
	case caso.InvioSegnalazioneAnnullato:
		return e.Segnalazione, true
	case caso.SegnalazioneInviata:
		return e.Segnalazione, true
	case caso.InvioSegnalazioneFallito:
		return e.Segnalazione, true
	case caso.SegnalazioneAcquisita:
		return e.Segnalazione, true
	case caso.SegnalazioneRettificata:
		return e.Segnalazione, true
	}
	return id.Segnalazione{}, false
}
