package tracciato_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"

	"github.com/google/uuid"
)

const chiBeneficio = `"id_domanda":"INPS-ADI-2026-1"`

func TestAChangeOfABenefitAsksForItsCommand(t *testing.T) {
	v := caso.Variazione{Dal: giorno.Data(2026, 2, 1), Causale: "mancato rinnovo", RiferimentoINPS: "S-7"}
	comune := `,"dal":"2026-02-01","causale":"mancato rinnovo","riferimento_inps":"S-7"}`
	segnalazione := uuid.MustParse("0b6e2b1c-93f5-5a0e-8d53-2f0d7f0c6f10")
	for resto, want := range map[string]domain.Command[caso.State, caso.Event]{
		`"tipo":"SOSPENSIONE"` + comune: caso.SospendiBeneficio{Variazione: v},
		`"tipo":"RIPRISTINO"` + comune:  caso.RipristinaBeneficio{Variazione: v},
		`"tipo":"DECADENZA"` + comune:   caso.DecadiDalBeneficio{Variazione: v},
		`"tipo":"TERMINE"` + comune:     caso.TerminaBeneficio{Variazione: v},
		`"tipo":"DECURTAZIONE","dal":"2026-02-01","mensilita":2,"segnalazione_id":"` + segnalazione.String() + `"}`: caso.ComunicaDecurtazione{
			DecurtazioneComunicata: caso.DecurtazioneComunicata{Mensilita: 2, Segnalazione: id.Segnalazione{UUID: segnalazione}, Dal: v.Dal}},
		`"tipo":"SOTTOSCRIZIONE_PAD","dal":"2026-02-01"}`: caso.RegistraPAD{Data: v.Dal, Oggi: oggi},
	} {
		testo := "{" + chiBeneficio + "," + resto
		for riga, err := range tracciato.Benefici(strings.NewReader(testo), oggi) {
			if err != nil || len(riga.Errori) > 0 || !conforme(t, "benefici", testo) {
				t.Fatalf("%s: %v %v", testo, err, riga.Errori)
			}
			if diff := cmp.Diff(want, riga.Dati.Comando(oggi)); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestAChangeOfABenefitIsRefusedByWhatIsWrongWithIt(t *testing.T) {
	for resto, want := range map[string]string{
		`"tipo":"SOSPENSIONE","dal":"2026-02-01"`:                                      "causale campo_mancante",
		`"tipo":"DECURTAZIONE","dal":"2026-02-01"`:                                     "mensilita campo_mancante",
		`"tipo":"DECURTAZIONE","dal":"2026-02-01","mensilita":1,"causale":"x"`:         "causale campo_estraneo",
		`"tipo":"TERMINE","dal":"2026-02-01","causale":"x","mensilita":1`:              "mensilita campo_estraneo",
		`"tipo":"SOTTOSCRIZIONE_PAD","dal":"2026-02-01","riferimento_inps":"x"`:        "riferimento_inps campo_estraneo",
		`"tipo":"SOTTOSCRIZIONE_PAD","dal":"2026-03-03"`:                               "dal " + caso.ErrData.Code,
		`"tipo":"REVOCA","dal":"2026-02-01"`:                                           "tipo campo_valore_non_valido",
		`"tipo":"TERMINE","causale":"x"`:                                               "dal campo_mancante",
		`"tipo":"DECURTAZIONE","dal":"2026-02-01","mensilita":1,"segnalazione_id":"x"`: "segnalazione_id campo_valore_non_valido",
		`"tipo":"TERMINE","dal":"2026-02-01","causale":"x","Causale":"y"`:              " campo_sconosciuto",
	} {
		var got []string
		for riga, err := range tracciato.Benefici(strings.NewReader("{"+chiBeneficio+","+resto+"}"), oggi) {
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range riga.Errori {
				got = append(got, fmt.Sprintf("%s %s", e.Campo, e.Codice))
			}
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s\n%s", resto, diff)
		}
	}
}

func FuzzBenefici(f *testing.F) {
	f.Add([]byte("{" + chiBeneficio + `,"tipo":"DECURTAZIONE","dal":"2026-02-01","mensilita":2}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for riga, err := range tracciato.Benefici(strings.NewReader(string(b)), oggi) {
			if err != nil || len(riga.Errori) > 0 {
				continue
			}
			if _, err := riga.Dati.Comando(oggi).Decide(caso.State{}); err == nil {
				t.Errorf("a change of no case was recorded: %+v", riga.Dati)
			}
		}
	})
}
