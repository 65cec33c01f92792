package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"nucleo/commands"
	"nucleo/commands/modulo"
	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
)

// fogli are workbooks written as JSON: the real ones are tried in cmd/nucleo.
type fogli struct{}

var errNessunFoglio = domain.Refuse(domain.Unprocessable, "foglio.non_xlsx", "no workbook")

func (fogli) Leggi(contenuto []byte) (righe []modulo.Riga, err error) {
	if json.Unmarshal(contenuto, &righe) != nil {
		return nil, errNessunFoglio
	}
	return righe, nil
}

func (fogli) Modello(w io.Writer, di modulo.Territorio) error {
	_, err := fmt.Fprint(w, "modello ", di)
	return err
}

func (fogli) ConErrori(w io.Writer, di modulo.Territorio, righe []modulo.Riga, errori []massivo.Errore) error {
	_, err := fmt.Fprint(w, "errori ", di, len(righe), errori)
	return err
}

// cassetto keeps files in memory.
type cassetto struct {
	mu   sync.Mutex
	file map[id.Massivo][]byte
}

func (c *cassetto) Conserva(_ context.Context, m id.Massivo, contenuto []byte, _ time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.file[m] = contenuto
	return nil
}

func (c *cassetto) Leggi(_ context.Context, m id.Massivo) ([]byte, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, found := c.file[m]
	return f, found, nil
}

func (c *cassetto) Scarta(_ context.Context, m id.Massivo) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.file, m)
	return nil
}

func (c *cassetto) Sola(ctx context.Context, _ id.Massivo, fa func(context.Context) error) (bool, error) {
	return true, fa(ctx)
}

// accreditatore applies files at once.
type accreditatore struct{ *impianto }

func (a accreditatore) Comincia(m id.Massivo) {
	if err := a.Comandi.ApplicaOperatori(context.Background(), m, a.adesso, slog.New(slog.DiscardHandler)); err != nil {
		panic(err)
	}
}

// rigaModulo is a row that makes somebody a case manager of Palermo.
func rigaModulo(t *testing.T, numero int, nome string, cambia map[modulo.Campo]string) modulo.Riga {
	t.Helper()
	celle := map[modulo.Campo]string{
		modulo.CodiceFiscale: codice(t, "ZAFFERANI", nome, 1980), modulo.Cognome: "ZAFFERANI", modulo.Nome: nome, modulo.DataNascita: "01/01/1980", modulo.ComuneNascita: "G273",
		modulo.Genere: "F", modulo.Ruolo: "Case manager", modulo.Ambito: "PA42", modulo.Comuni: "G273", modulo.Protocollo: "2026/1", modulo.DataRichiesta: "01/02/2026",
	}
	for campo, v := range cambia {
		celle[campo] = v
	}
	r := modulo.Riga{Numero: numero}
	for _, c := range modulo.Colonne {
		r.Celle = append(r.Celle, celle[c.Campo])
	}
	return r
}

func TestAFormOfOperatorsIsCheckedThenApplied(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "ALTROVE", domain.AmministratoreAmbito, domain.Territorio{Ambito: "AG01"}, "")
	amm, altra := i.chi("AMMINISTRA"), i.chi("ALTROVE")
	manda := func(chi chi, chiave string, righe ...modulo.Riga) risposta {
		file, err := json.Marshal(righe)
		if err != nil {
			t.Fatal(err)
		}
		return chi.chiede(t, i, "POST", Base+"/accreditamenti", string(file), "Content-Type", xlsx, "Idempotency-Key", chiave)
	}
	if r := amm.chiede(t, i, "GET", Base+"/accreditamenti/modello", "").vuole(t, 200, ""); !strings.HasPrefix(r.body, "modello {PA42") || r.header.Get("Content-Type") != xlsx ||
		r.header.Get("Content-Disposition") != "attachment; filename=operatori-PA42.xlsx" {
		t.Errorf("%s %v", r.body, r.header)
	}
	buona, cattiva := rigaModulo(t, 2, "NUOVA", nil), rigaModulo(t, 3, "ALTRA", map[modulo.Campo]string{modulo.Comuni: "Roma"})
	errata := manda(amm, "a", buona, cattiva).vuole(t, 201, "")
	dove := errata.header.Get("Location")
	if fmt.Sprint(errata.campo("stato"), errata.campo("errate"), errata.campo("errori", "0", "riga"), errata.campo("errori", "0", "campo"), errata.campo("errori", "0", "codice")) != "ERRATO13comunimodulo.comune_sconosciuto" {
		t.Error(errata.body)
	}
	if ancora := manda(amm, "a", buona, cattiva); ancora.body != errata.body || ancora.status != 201 {
		t.Errorf("sent again: %d %s", ancora.status, ancora.body)
	}
	manda(amm, "a", buona).vuole(t, 422, "richiesta.chiave_riusata")
	amm.chiede(t, i, "POST", dove+"/applicazioni", "{}").vuole(t, 409, "massivo.errato")
	if r := amm.chiede(t, i, "GET", dove+"/errori", "").vuole(t, 200, ""); !strings.Contains(r.body, " 2 [{3 comuni") {
		t.Error(r.body)
	}
	giusta := manda(amm, "b", buona, rigaModulo(t, 3, "ALTRA", nil)).vuole(t, 201, "")
	dove = giusta.header.Get("Location")
	amm.chiede(t, i, "POST", dove+"/applicazioni", "{}").vuole(t, 202, "")
	if r := amm.chiede(t, i, "GET", dove, "").vuole(t, 200, ""); fmt.Sprint(r.campo("stato"), r.campo("esiti")) != "APPLICATOmap[accreditati:2 invariati:0 registrati:2]" {
		t.Error(r.body)
	}
	amm.chiede(t, i, "POST", dove+"/applicazioni", "{}").vuole(t, 202, "") // under another key: nothing
	o := i.Comandi.OperatoreDi(buona.Cella(modulo.CodiceFiscale))
	if st, err := i.Comandi.Operatore(t.Context(), o); err != nil || len(st.Accreditamenti) != 1 || st.Accreditamenti[0].Ruolo != domain.CaseManager {
		t.Errorf("%+v %v", st.Accreditamenti, err)
	}
	amm.chiede(t, i, "GET", dove+"/errori", "").vuole(t, 409, "massivo.scaduto")

	for _, path := range []string{"", "/errori"} { // for another ambito it does not exist
		vuoto := altra.chiede(t, i, "GET", Base+"/accreditamenti/00000000-0000-4000-8000-000000000000"+path, "").vuole(t, 404, "massivo.inesistente")
		if r := altra.chiede(t, i, "GET", dove+path, ""); pulita(r) != pulita(vuoto) {
			t.Error(r.body)
		}
	}
	altra.chiede(t, i, "POST", dove+"/applicazioni", "{}").vuole(t, 404, "massivo.inesistente")
}

func TestWhatIsNoFormIsRefusedBeforeItIsRead(t *testing.T) {
	i := nuovo(t)
	amm := i.chi("AMMINISTRA")
	amm.chiede(t, i, "POST", Base+"/accreditamenti", "[]", "Content-Type", "application/json").vuole(t, 415, "richiesta.tipo_contenuto")
	amm.chiede(t, i, "POST", Base+"/accreditamenti", "x", "Content-Type", xlsx).vuole(t, 422, "foglio.non_xlsx")
	amm.chiede(t, i, "POST", Base+"/accreditamenti", "[]", "Content-Type", xlsx).vuole(t, 422, "massivo.vuoto")
	amm.chiede(t, i, "POST", Base+"/accreditamenti", strings.Repeat("x", commands.MassimoFoglio+1), "Content-Type", xlsx).vuole(t, 413, "")
}
