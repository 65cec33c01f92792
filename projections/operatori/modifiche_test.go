package operatori_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
	"nucleo/projections/operatori"
)

// idonei are the case managers of a comune, in all queries that tell them.
func idonei(t *testing.T, comune string, log ...domain.Recorded) (chi []id.Operatore) {
	t.Helper()
	pool := modeltest.Pool(t, operatori.Projection, log...)
	uno, err := operatori.CaseManager(t.Context(), pool, "PA-42", comune, oggi)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range uno {
		chi = append(chi, i.Operatore)
	}
	tutti, err := operatori.CaseManagerDi(t.Context(), pool, "PA-42", oggi)
	var altri []id.Operatore
	for _, d := range tutti {
		for _, dove := range d.Territori {
			if dove.Copre("PA-42", comune) {
				altri = append(altri, d.Operatore)
			}
		}
	}
	if diff := gocmp.Diff(chi, altri); diff != "" || err != nil {
		t.Error(diff, err)
	}
	return chi
}

func TestWhoIsSuspendedOrWorksElsewhereIsGivenNoCase(t *testing.T) {
	storia := []any{
		anna, operatore.Registrato{CodiceFiscale: "A", Cognome: "Verdi", Nome: "Anna"}, anna, ruolo(1, domain.CaseManager, "", "PA-42", "G273"),
	}
	solo := []id.Operatore{anna}
	sospesa := operatore.Sospeso{Motivo: "x"}
	fermata := operatore.AccreditamentoSospeso{Accreditamento: acc(1), Motivo: "x"}
	altrove := operatore.Modificato{Accreditamento: acc(1), Da: []string{"G273"}, Comuni: []string{"F377"}, Livello: "C"}
	ovunque := operatore.Modificato{Accreditamento: acc(1), Da: []string{"G273"}, Livello: "A"}
	for name, tt := range map[string]struct {
		dopo []any
		want []id.Operatore
	}{
		"at first":       {nil, solo},
		"role suspended": {[]any{anna, fermata}, nil},
		"role again":     {[]any{anna, fermata, anna, operatore.AccreditamentoRiattivato{Accreditamento: acc(1), Motivo: "y"}}, solo},
		"suspended":      {[]any{anna, sospesa}, nil},
		"reactivated":    {[]any{anna, sospesa, anna, operatore.Riattivato{Motivo: "y"}}, solo},
		"elsewhere":      {[]any{anna, altrove}, nil},
		"everywhere":     {[]any{anna, ovunque}, solo},
		"not registered": {[]any{anna, operatore.RegistrazioneAnnullata{Motivo: "z"}}, nil},
	} {
		log := giornale(append(append([]any{}, storia...), tt.dopo...)...)
		if name == "not registered" { // which happens only to who has no role left
			log = giornale(storia[0], storia[1], anna, operatore.RegistrazioneAnnullata{Motivo: "z"})
		}
		if diff := gocmp.Diff(tt.want, idonei(t, "G273", log...)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	pool := modeltest.Pool(t, operatori.Projection, giornale(append(storia, anna, sospesa, anna, operatore.FondoAggiornato{Accreditamento: acc(1), Fondo: "PON"})...)...)
	for stato, n := range map[operatori.Stato]int{operatori.Sospeso: 1, operatori.Attivo: 0, operatori.Revocato: 0} {
		p, err := operatori.Elenco(t.Context(), pool, operatori.Filtro{Stato: stato, Oggi: oggi}, elenco.Richiesta{Limite: 10})
		if err != nil || p.Totale != n || n == 1 && (!p.Voci[0].Sospeso || p.Voci[0].Accreditamenti[0].Fondo != "PON") {
			t.Errorf("%s: %+v %v", stato, p, err)
		}
	}
}

// TestWhoseRoleIsSuspendedFillsNoPlace counts a suspended role neither among the
// staff nor as what an ambito needs.
func TestWhoseRoleIsSuspendedFillsNoPlace(t *testing.T) {
	log := giornale(
		anna, operatore.Registrato{CodiceFiscale: "A", Cognome: "Verdi", Nome: "Anna"}, anna, ruolo(1, domain.CaseManager, "", "PA-42", "G273"),
		anna, ruolo(2, domain.CoordinatorePaIS, "", "PA-42"), anna, operatore.AccreditamentoSospeso{Accreditamento: acc(1), Motivo: "x"},
	)
	pool := modeltest.Pool(t, operatori.Projection, log...)
	incarichi, err := operatori.Incarichi(t.Context(), pool, oggi, "PA-42", "AG-01")
	if err != nil || len(incarichi) != 1 || len(incarichi["PA-42"]) != 1 || incarichi["PA-42"][0].Ruolo != domain.CoordinatorePaIS {
		t.Errorf("%+v %v", incarichi, err)
	}
	organico, err := operatori.Organico(t.Context(), pool, "PA-42", "", oggi)
	if diff := gocmp.Diff([]operatori.InRuolo{{Ruolo: domain.CoordinatorePaIS, Operatori: 1}}, organico); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for ruolo, want := range map[domain.Ruolo]operatori.Stato{"": operatori.Attivo, domain.CaseManager: operatori.Sospeso, domain.CoordinatorePaIS: operatori.Attivo} {
		p, err := operatori.Elenco(t.Context(), pool, operatori.Filtro{Ambito: "PA-42", Ruolo: ruolo, Oggi: oggi}, elenco.Richiesta{Limite: 10})
		if err != nil || len(p.Voci) != 1 || p.Voci[0].Stato != want {
			t.Errorf("%s: %+v %v", ruolo, p.Voci, err)
		}
	}
}
