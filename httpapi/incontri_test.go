package httpapi

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// accade writes what happened to the case, behind the API.
func (l *lavoro) accade(t *testing.T, eventi ...domain.Event) {
	t.Helper()
	stream, head := caso.Decider.Stream(casoN(l.n).String()), domain.Head{}
	for r, err := range l.Comandi.Store.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		head = r.Head()
	}
	meta := domain.Meta{Comando: uuid.New(), Attore: l.cm.id.UUID, Ruolo: domain.CaseManager, Canale: domain.HTTP, Istante: l.adesso()}
	if _, err := l.Comandi.Store.Append(t.Context(), stream, head, meta, eventi...); err != nil {
		t.Fatal(err)
	}
	l.etag = l.etagDi(t, l.cm, l.n)
}

const lunedi = `{"inizio":"2026-05-11T08:30:40Z","durata_minuti":45,"luogo":"motivo-canarino"%s}`

func TestMeetingsArePlannedMovedAndRegistered(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	donna, figlio := l.persone(t)
	incontri := "/incontri"
	primo := l.fa(t, incontri, fmt.Sprintf(lunedi, `,"partecipanti":["`+donna+`"]`)).vuole(t, 201, "")
	dove := incontri + "/" + fmt.Sprint(primo.campo("id"))
	l.fa(t, dove+"/rinvii", `{"nuovo_inizio":"2026-05-04T07:00:00Z","motivo":"motivo-canarino"}`).vuole(t, 201, "")
	l.fa(t, dove+"/rinvii", `{"nuovo_inizio":"2026-05-03T09:00:00Z","motivo":"motivo-canarino"}`).vuole(t, 422, "incontro.inizio_non_valido")
	l.fa(t, dove+"/valutazioni", `{"note":"motivo-canarino"}`).vuole(t, 409, "incontro.non_svolto")
	l.fa(t, dove+"/registrazioni", `{"tipo":"AVVENUTO_INCONTRO","data_incontro":"2026-05-05","presenti":["`+donna+`"]}`).vuole(t, 422, "incontro.data_non_valida")
	l.fa(t, dove+"/registrazioni", `{"tipo":"AVVENUTO_INCONTRO","data_incontro":"2026-05-04","presenti":["`+donna+`"]}`).vuole(t, 201, "")
	l.fa(t, dove+"/annullamenti", `{"motivo":"x"}`).vuole(t, 409, "incontro.concluso")
	l.fa(t, incontri+"/"+casoN(7).String()+"/registrazioni", `{"tipo":"AVVENUTO_INCONTRO","data_incontro":"2026-05-04","presenti":["`+donna+`"]}`).vuole(t, 404, "incontro.inesistente")
	visita := l.fa(t, "/incontri-registrati", `{"tipo":"PRESENTAZIONE_SPONTANEA","data_incontro":"2026-05-04","presenti":["`+figlio+`"]}`).vuole(t, 201, "")
	l.fa(t, "/incontri-registrati", `{"tipo":"GIUSTIFICATO_MOTIVO","data_incontro":"2026-05-04"}`).vuole(t, 422, "incontro.motivo_non_valido")
	l.fa(t, "/incontri-registrati", `{"tipo":"GIUSTIFICATO_MOTIVO","data_incontro":"2026-05-04","motivazione":"motivo-canarino"}`).vuole(t, 201, "")
	altro := l.fa(t, incontri, fmt.Sprintf(lunedi, "")).vuole(t, 201, "")
	l.fa(t, incontri+"/"+fmt.Sprint(altro.campo("id"))+"/annullamenti", `{"motivo":"motivo-canarino"}`).vuole(t, 201, "")
	mancato := l.fa(t, incontri, `{"inizio":"2026-05-04T15:00:00Z","durata_minuti":30}`).vuole(t, 201, "")
	l.fa(t, incontri+"/"+fmt.Sprint(mancato.campo("id"))+"/mancate-presentazioni", `{"componenti":["`+donna+`"],"data":"2026-05-04"}`).vuole(t, 201, "")
	var stati []caso.StatoIncontro
	for _, x := range l.stato(t).Incontri.Elenco {
		stati = append(stati, x.Stato)
	}
	want := []caso.StatoIncontro{caso.StatoSvolto, caso.StatoSvolto, caso.StatoNonPresentato, caso.StatoAnnullato, caso.StatoNonPresentato}
	if fmt.Sprint(stati) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", stati, want)
	}
	questo, found := l.stato(t).Incontri.Trova(id.Incontro{UUID: uuid.MustParse(fmt.Sprint(visita.campo("id")))})
	if !found || questo.Registrato.Tipo != caso.PresentazioneSpontanea || l.stato(t).Incontri.Elenco[0].Pianificato.Operatore != l.cm.id {
		t.Errorf("%+v", l.stato(t).Incontri.Elenco)
	}
}

func TestResultsAndImpegniAreEvaluatedWhileTheCaseIsMonitored(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	donna, _ := l.persone(t)
	chi := l.stato(t).Nucleo.Componenti[0].ID
	risultato, impegno := id.Risultato{UUID: uuid.New()}, id.Impegno{UUID: uuid.New()}
	visita := l.fa(t, "/incontri-registrati", `{"tipo":"AVVENUTO_INCONTRO","data_incontro":"2026-05-04","presenti":["`+donna+`"]}`).vuole(t, 201, "")
	valutazioni := "/incontri/" + fmt.Sprint(visita.campo("id")) + "/valutazioni"
	tutto := `{"risultati":[{"risultato_id":"` + risultato.String() + `","valutazione":"PARZIALE"}],"impegni":[{"impegno_id":"` + impegno.String() + `","valutazione":"IN_CORSO"}],"note":"motivo-canarino"}`
	l.fa(t, valutazioni, tutto).vuole(t, 409, "incontro.caso_non_in_monitoraggio")
	l.accade(t,
		caso.ObiettivoDefinito{Obiettivo: caso.Obiettivo{ID: id.Obiettivo{UUID: uuid.New()}, Ambito: caso.Reti, Descrizione: "x", Risultati: []caso.Risultato{{ID: risultato, Descrizione: "x", Entro: giorno.Data(2026, 6, 1)}}}},
		caso.ImpegnoDefinito{Impegno: caso.Impegno{ID: impegno, Tipo: "FORMAZIONE", Descrizione: "x", Componenti: []id.Componente{chi}, Dal: giorno.Data(2026, 5, 4)}},
		caso.PaISSottoscritto{Versione: 1, Data: giorno.Data(2026, 5, 4), Firmatari: []id.Componente{chi}, Modalita: "CARTACEA"},
	)
	l.fa(t, valutazioni, `{"impegni":[{"impegno_id":"`+uuid.NewString()+`","valutazione":"IN_CORSO"}]}`).vuole(t, 422, "incontro.valutazione_non_valida")
	l.fa(t, valutazioni, tutto).vuole(t, 201, "")
	l.fa(t, valutazioni, `{"note":"motivo-canarino"}`).vuole(t, 409, "incontro.gia_valutato")
	uno := "/impegni/" + impegno.String() + "/valutazioni"
	l.fa(t, uno, `{"valutazione":"REALIZZATO","data":"2026-05-04","nota":"motivo-canarino"}`).vuole(t, 201, "")
	l.fa(t, uno, `{"valutazione":"FATTO","data":"2026-05-04"}`).vuole(t, 400, "richiesta.non_conforme")
	l.fa(t, "/impegni/"+uuid.NewString()+"/valutazioni", `{"valutazione":"REALIZZATO","data":"2026-05-04"}`).vuole(t, 422, "incontro.valutazione_non_valida")
}

// TestTheMeetingsOfficerPlansAndRegistersAndSeesNoMore is ADI-06.
func TestTheMeetingsOfficerPlansAndRegistersAndSeesNoMore(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "INCONTRA", domain.ResponsabileIncontri, palermo, "")
	i.accredita(t, "ALTROVE", domain.ResponsabileIncontri, trabia, "")
	incontra := i.chi("INCONTRA")
	inAttesa := &lavoro{impianto: i, n: 2}
	donna, _ := inAttesa.persone(t)
	caso2 := Base + "/casi/" + casoN(2).String()
	r := incontra.chiede(t, i, "POST", caso2+"/incontri", fmt.Sprintf(lunedi, "")).vuole(t, 201, "")
	if chi := inAttesa.stato(t).Incontri.Elenco[0].Pianificato.Operatore; chi != incontra.id || r.header.Get("ETag") != "" {
		t.Errorf("held by %s, ETag %q", chi, r.header.Get("ETag"))
	}
	incontro := caso2 + "/incontri/" + fmt.Sprint(r.campo("id"))
	i.chi("ALTROVE").chiede(t, i, "POST", incontro+"/annullamenti", `{"motivo":"x"}`).vuole(t, 404, "caso.inesistente")
	incontra.chiede(t, i, "POST", incontro+"/rinvii", `{"nuovo_inizio":"2026-05-12T08:30:00Z","motivo":"x"}`).vuole(t, 201, "")
	incontra.chiede(t, i, "POST", caso2+"/incontri-registrati", `{"tipo":"PRESENTAZIONE_SPONTANEA","data_incontro":"2026-05-04","presenti":["`+donna+`"]}`).vuole(t, 201, "")
	incontra.chiede(t, i, "POST", incontro+"/annullamenti", `{"motivo":"x"}`).vuole(t, 201, "")
	for metodo, path := range map[string]string{
		"POST " + incontro + "/valutazioni":                                `{"note":"x"}`,
		"POST " + caso2 + "/impegni/" + casoN(1).String() + "/valutazioni": `{"valutazione":"REALIZZATO","data":"2026-05-04"}`,
		"POST " + caso2 + "/annotazioni":                                   `{"testo":"x"}`,
		"POST " + caso2 + "/analisi-preliminare":                           `{"data":"2026-05-04"}`,
		"GET " + caso2:                                                     "",
	} {
		var verbo, dove string
		_, _ = fmt.Sscan(metodo, &verbo, &dove)
		incontra.chiede(t, i, verbo, dove, path, "If-Match", "*").vuole(t, 403, "vietato")
	}
	// an assigned case is met by its case manager, unless somebody who works there is named
	l := i.alLavoro(t, 1)
	caso1 := Base + "/casi/" + casoN(1).String()
	incontra.chiede(t, i, "POST", caso1+"/incontri", fmt.Sprintf(lunedi, "")).vuole(t, 201, "")
	incontra.chiede(t, i, "POST", caso1+"/incontri", fmt.Sprintf(lunedi, `,"operatore_id":"`+incontra.id.String()+`"`)).vuole(t, 201, "")
	incontra.chiede(t, i, "POST", caso1+"/incontri", fmt.Sprintf(lunedi, `,"operatore_id":"`+i.chi("LONTANA").id.String()+`"`)).vuole(t, 422, "incontro.operatore_non_idoneo")
	incontra.chiede(t, i, "POST", caso1+"/incontri", fmt.Sprintf(lunedi, `,"operatore_id":"`+i.chi("CARLA").id.String()+`"`)).vuole(t, 422, "incontro.operatore_non_idoneo")
	elenco := l.stato(t).Incontri.Elenco
	if len(elenco) != 2 || elenco[0].Pianificato.Operatore != l.cm.id || elenco[1].Pianificato.Operatore != incontra.id {
		t.Errorf("%+v", elenco)
	}
	i.chi("CARLA").chiede(t, i, "POST", caso1+"/incontri", fmt.Sprintf(lunedi, "")).vuole(t, 403, "vietato")
	i.chi("BRUNA").chiede(t, i, "POST", caso1+"/incontri", fmt.Sprintf(lunedi, "")).vuole(t, 404, "caso.inesistente")
}
