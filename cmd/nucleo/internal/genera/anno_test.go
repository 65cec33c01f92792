package genera_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

func roma(t testing.TB) *time.Location {
	t.Helper()
	zona, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return zona
}

// anno is a year of the people of a seed, under ids that are always the same.
func anno(t testing.TB, seme int64, al giorno.Giorno) genera.Anno {
	t.Helper()
	a := genera.Anno{Seme: seme, Al: al, Ambito: genera.Palermo(), Zona: roma(t)}
	for _, p := range genera.Persone(seme, a.Ambito) {
		a.Operatori = append(a.Operatori, genera.Operatore{ID: id.Operatore{UUID: uuid.NewSHA1(uuid.Nil, []byte(p.CodiceFiscale))}, Persona: p})
	}
	return a
}

// impronta is a digest of what happened, when and by whom.
func impronta(t testing.TB, storie []genera.Storia) string {
	t.Helper()
	h := sha256.New()
	for _, s := range storie {
		if err := json.NewEncoder(h).Encode([]any{s.Domanda, s.Passi()}); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestTheSameSeedAndDayGiveTheSameYear(t *testing.T) {
	uno := slices.Collect(anno(t, 1, nel2026).Storie(60))
	if a, b := impronta(t, uno), impronta(t, slices.Collect(anno(t, 1, nel2026).Storie(60))); a != b {
		t.Error("the same year is not the same again")
	}
	slices.Reverse(uno)
	rovescio := impronta(t, uno)
	slices.Reverse(uno)
	if a := impronta(t, uno); a == rovescio || a != impronta(t, slices.Collect(anno(t, 1, nel2026).Storie(80))[:60]) {
		t.Error("a life depends on when it is asked for, or on how many there are")
	}
	if impronta(t, uno) == impronta(t, slices.Collect(anno(t, 2, nel2026).Storie(60))) {
		t.Error("another seed gives the same year")
	}
}

// What happens is what the rules let happen, in order, before the day.
func TestTheYearKeepsTheRules(t *testing.T) {
	for _, al := range []giorno.Giorno{nel2026, giorno.Data(2026, 11, 24), giorno.Data(2024, 7, 1), nel2022} {
		a := anno(t, 5, al)
		fine := time.Date(al.Time().Year(), al.Time().Month(), al.Time().Day(), 0, 0, 0, 0, a.Zona)
		for s := range a.Storie(400) {
			if r := s.Rifiuti(); len(r) > 0 {
				t.Errorf("%s, %s: %v", al, s.Domanda.IDDomanda, r)
			}
			passi := s.Passi()
			if s.Nuova() != (len(passi) == 0) {
				t.Fatalf("%s: %d steps of a domanda that is new: %t", s.Domanda.IDDomanda, len(passi), s.Nuova())
			}
			var prima time.Time
			for _, p := range passi {
				if p.Istante.Before(prima) || !p.Istante.Before(fine) || len(p.Eventi) == 0 || p.Attore.ID == uuid.Nil || p.Attore.Ruolo == "" {
					t.Fatalf("%s: a step out of place: %+v", s.Domanda.IDDomanda, p)
				}
				prima = p.Istante
			}
		}
	}
}

func TestWhoActsMayDoSo(t *testing.T) {
	a := anno(t, 6, nel2026)
	noti := map[uuid.UUID]map[domain.Ruolo]bool{}
	for _, o := range a.Operatori {
		noti[o.ID.UUID] = map[domain.Ruolo]bool{}
		for _, r := range o.Ruoli {
			noti[o.ID.UUID][r.Ruolo] = true
		}
	}
	for s := range a.Storie(300) {
		var st caso.State
		for _, p := range s.Passi() {
			persona, nota := noti[p.Attore.ID]
			switch {
			case nota && !persona[p.Attore.Ruolo]:
				t.Errorf("somebody acts as %s without being one", p.Attore.Ruolo)
			case nota && !p.Attore.Territorio.Copre(a.Ambito.Codice, st.Comune):
				t.Errorf("a %s acts outside of their territory", p.Attore.Ruolo)
			case p.Attore.Ruolo == domain.CaseManager && !st.Di(id.Operatore{UUID: p.Attore.ID}):
				t.Errorf("a case manager works on the case of another: %T", p.Eventi[0])
			}
			st = caso.Decider.Fold(st, p.Eventi...)
		}
	}
}

// conta is how the year looks, in shares of the cases.
func conta(a genera.Anno, n int) (quote, map[string]int) {
	q, eventi := quote{}, map[string]int{}
	for s := range a.Storie(n) {
		var st caso.State
		for _, p := range s.Passi() {
			st = caso.Decider.Fold(st, p.Eventi...)
			for _, e := range p.Eventi {
				eventi[e.EventType()]++
				q["eventi"]++
			}
		}
		if st.Stato == "" {
			st.Stato = caso.DaAvviare
			q["nuove"]++
		}
		q[string(st.Stato)]++
		q.se("assegnati", !st.Assegnazione.CaseManager.IsZero())
		q.se("chiusi", !st.Stato.Aperto())
		q.se("segnalati", len(st.Segnalazioni) > 0)
		for _, x := range st.Segnalazioni {
			q["segnalazioni "+string(x.Stato)]++
		}
	}
	for cosa := range q {
		q[cosa] /= float64(n)
	}
	return q, eventi
}

func TestTheYearLooksLikeARunningAmbito(t *testing.T) {
	q, eventi := conta(anno(t, 1, nel2026), 3000)
	want := quote{
		"DA_AVVIARE": .22, "IN_VALUTAZIONE_AP": .20, "IN_VALUTAZIONE_QA": .05, "IN_DEFINIZIONE_PAIS": .10, "IN_MONITORAGGIO": .28,
		"INVIATO_CPI": .05, "INVIATO_SERVIZI_SPECIALISTICI": .03, "chiusi": .07, "assegnati": .85, "segnalati": .12,
	}
	for cosa, vuole := range want {
		if tolleranza := max(.02, .15*vuole); math.Abs(q[cosa]-vuole) > tolleranza {
			t.Errorf("%s: %.3f, want %.3f", cosa, q[cosa], vuole)
		}
	}
	if q["eventi"] < 31 || q["eventi"] > 40 {
		t.Errorf("%.1f events a case", q["eventi"])
	}
	for _, e := range []string{
		"ComposizioneNucleoAggiornata", "PADSottoscritto", "CasoTrasferito", "RecapitiAggiornati", "BeneficioSospeso", "BeneficioRipristinato", "BeneficioDecaduto", "BeneficioTerminato",
		"CasoChiuso", "CasoRiaperto", "CasoRiassegnato", "AssegnazioneAnnullata", "AnalisiPreliminareRiaperta", "RientroDaServizioRegistrato", "EquipeComposta",
		"SostegnoConcluso", "SostegnoSospeso", "PaISNonSottoscritto", "PaISRidefinizioneAvviata", "PaISConcluso", "EsoneroRegistrato", "NucleoEsclusoDagliObblighi",
		"IncontroRinviato", "IncontroAnnullato", "MancataPresentazioneRegistrata", "IncontroValutato", "ImpegnoValutato", "SegnalazioneRifiutata", "SegnalazioneAcquisita",
		"InvioSegnalazioneAnnullato", "ComunicazioneFallita", "EsitoComunicazioneFormaleRegistrato", "ScadenzaSuperata", "AnnotazioneInserita",
	} {
		if eventi[e] == 0 {
			t.Errorf("in 3000 cases no %s happened", e)
		}
	}
}

// Every segnalazione that a life puts into a feed lies in the stream of that
// feed, as far as it came.
func TestTheFeedsSayWhatTheCasesSay(t *testing.T) {
	var flussi genera.Flussi
	stati := map[id.Segnalazione]caso.StatoSegnalazione{}
	for s := range anno(t, 1, nel2026).Storie(1500) {
		passi := s.Passi()
		flussi.Aggiungi(s, passi)
		var st caso.State
		for _, p := range passi {
			st = caso.Decider.Fold(st, p.Eventi...)
		}
		for _, x := range st.Segnalazioni {
			if x.Flusso != "" {
				stati[x.Proposta.Segnalazione] = x.Stato
			}
		}
	}
	voci := 0
	for _, f := range flussi.Tutti() {
		var st flussoinps.State
		prima := time.Time{}
		for _, p := range f.Passi {
			if p.Istante.Before(prima) {
				t.Errorf("%s goes back in time", f.Chiave)
			}
			prima, st = p.Istante, flussoinps.Decider.Fold(st, p.Eventi...)
		}
		for _, v := range st.Voci {
			voci++
			vuole := map[caso.StatoSegnalazione]flussoinps.Stato{caso.InUscita: flussoinps.Inclusa, caso.Inviata: flussoinps.Trasmessa, caso.Acquisita: flussoinps.Ricevuta, caso.Rettificata: flussoinps.Ricevuta}
			if s, noto := stati[v.Segnalazione]; !noto || v.Stato != vuole[s] {
				t.Errorf("%s: %s in the case, %d in the feed", f.Chiave, s, v.Stato)
			}
		}
	}
	if voci != len(stati) || voci < 50 {
		t.Errorf("%d in feeds, %d in cases", voci, len(stati))
	}
}
