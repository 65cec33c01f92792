package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/genera"
)

// responsabili makes two people the privacy desk of an ambito, and a third one an
// operator there; it answers the tokens of the two, the id of the third, and
// what ends their role.
func (p *programma) responsabili(t *testing.T, s *installata) (asks, decides, gone string, ends func()) {
	t.Helper()
	su, luogo := s.token(t, s.persone[0]), genera.Palermo()
	scrivi := func(path string, corpo any) (creato struct {
		ID string `json:"id"`
	}) {
		t.Helper()
		testo, err := json.Marshal(corpo)
		if err != nil {
			t.Fatal(err)
		}
		p.vuole(201, chiamata{token: su, method: "POST", path: path, corpo: string(testo), chiave: uuid.NewString(), prefer: "wait=5"}).in(t, &creato)
		return creato
	}
	var tokens []string
	for n, chi := range genera.Persone(78, luogo)[:3] {
		o := scrivi("/operatori", map[string]string{
			"codice_fiscale": chi.CodiceFiscale, "cognome": chi.Cognome, "nome": chi.Nome, "data_nascita": chi.DataNascita.String(),
			"comune_nascita": chi.ComuneNascita, "genere": chi.Sesso, "email": "privacy@ambito.example", "telefono": "091 5550100",
		})
		ruolo := "RESPONSABILE_PROTEZIONE_DATI"
		if n == 2 {
			ruolo = "AMMINISTRATORE_AMBITO"
		}
		acc := scrivi("/operatori/"+o.ID+"/accreditamenti", map[string]any{"ruolo": ruolo, "ambito": luogo.Codice, "richiesta": attiDiProva})
		if n == 2 {
			gone, ends = o.ID, func() {
				scrivi("/operatori/"+o.ID+"/accreditamenti/"+acc.ID+"/revoche", map[string]string{"motivo": "fine incarico"})
			}
			continue
		}
		tokens = append(tokens, s.token(t, chi))
	}
	return tokens[0], tokens[1], gone, ends
}

// The privacy desk works by verbs as over HTTP: one person asks, another
// decides, and what is refused says why.
func TestThePrivacyDeskWorksByVerbs(t *testing.T) {
	t.Parallel()
	s := installazioneNuova(t, "127.0.0.1:0")
	p := s.serve(t, s.dir)
	defer p.ferma()
	p.nomina(t, s)
	asks, decides, gone, ends := p.responsabili(t, s)
	verbo := func(token string, args ...string) (string, error) {
		return verboCon(t, s.dir, s.env, append(append([]string{"cancellazioni"}, args...), "--api", p.Indirizzo, "--token", token)...)
	}
	var out string
	finche(t, 10*time.Second, "the desk may act", func() bool {
		var err error
		out, err = verbo(asks, "list")
		return err == nil && out == ""
	})
	rifiutato := func(codice, token string, args ...string) {
		t.Helper()
		if out, err := verbo(token, args...); err == nil || !strings.Contains(out+err.Error(), codice) {
			t.Errorf("%v: want %s, got %v\n%s", args, codice, err, out)
		}
	}
	rifiutato("cancellazione.operatore_attivo", asks, "request", "--type", "OPERATORE", "--which", gone, "--basis", "PERSONA_ERRATA", "--act", "1/2026")
	rifiutato("cancellazione.inesistente", decides, "show", uuid.NewString())
	rifiutato("cancellazione.inesistente", decides, "authorise", uuid.NewString())
	rifiutato("cancellazione.inesistente", decides, "refuse", uuid.NewString(), "--reason", "NON_DOVUTA")
	rifiutato("caso.inesistente", asks, "holds", "place", uuid.NewString(), "--reason", "INDAGINE", "--act", "1/2026")
	rifiutato("caso.inesistente", asks, "holds", "lift", uuid.NewString(), "--act", "1/2026")
	if out, err := verbo(asks, "holds"); err != nil || out != "" {
		t.Errorf("no case is held: %v\n%s", err, out)
	}
	rifiutato("vietato", s.token(t, s.persone[0]), "list")

	ends()
	chiesta := func() string {
		t.Helper()
		out, err := verbo(asks, "request", "--type", "OPERATORE", "--which", gone, "--basis", "PERSONA_ERRATA", "--act", "2/2026")
		if err != nil || !strings.Contains(out, "IN_ATTESA") {
			t.Fatal(out, err)
		}
		return strings.Fields(out)[1]
	}
	prima := chiesta()
	rifiutato("cancellazione.stessa_persona", asks, "authorise", prima)
	if out, err := verbo(decides, "refuse", prima, "--reason", "NON_MOTIVATA"); err != nil || !strings.Contains(out, "RIFIUTATA") {
		t.Fatal(out, err)
	}
	seconda := chiesta()
	if out, err := verbo(decides, "authorise", seconda); err != nil || !strings.Contains(out, "AUTORIZZATA") {
		t.Fatal(out, err)
	}
	finche(t, time.Minute, "the erasure is proven", func() bool {
		out, err := verbo(asks, "show", seconda, "--receipt")
		return err == nil && strings.Contains(out, seconda)
	})
	finche(t, 10*time.Second, "both are listed", func() bool {
		out, err := verbo(asks, "list")
		return err == nil && strings.Count(out, gone) == 2
	})
	if out, err := verbo(asks, "list", "--state", "RIFIUTATA"); err != nil || !strings.Contains(out, prima) || strings.Contains(out, seconda) {
		t.Error(out, err)
	}
}
