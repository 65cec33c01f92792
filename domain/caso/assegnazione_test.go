package caso_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

// Domande that have no place in the queue, and one that has.
var (
	pensione = ricevutaCome(caso.PDC, func(*caso.DomandaRicevuta) {})
	senzaPAD = ricevutaCome(caso.ADI, func(*caso.DomandaRicevuta) {})
	conPAD   = ricevutaCome(caso.ADI, func(d *caso.DomandaRicevuta) { d.DataSottoscrizionePAD = febbraio })
)

func ricevutaCome(m caso.Misura, cambia func(*caso.DomandaRicevuta)) caso.DomandaRicevuta {
	d := ricevuta
	d.Misura = m
	cambia(&d)
	return d
}

func TestAssegna(t *testing.T) {
	adAnnaCon := func(incarichi ...caso.Incarico) caso.Assegna {
		return caso.Assegna{CaseManager: anna, Incarichi: incarichi, Modalita: caso.Manuale}
	}
	processo := uuid.MustParse("00000000-0000-7000-8000-00000000f001")
	nonIdoneo := func(name string, cmd caso.Assegna) scenario {
		return scenario{Name: name, Given: events{ricevuta}, When: cmd, Err: caso.ErrNonIdoneo, Field: "case_manager_id"}
	}
	domaintest.Run(t, caso.Decider,
		scenario{
			Name:  "gives a waiting case to a case manager of its comune, whose fund it notes",
			Given: events{ricevuta},
			When:  adAnnaCon(diPalermo...),
			Then:  events{adAnna},
		},
		scenario{
			Name:  "gives it by the accreditation that covers the comune, among several",
			Given: events{ricevuta},
			When:  adAnnaCon(diMonreale[0], caso.Incarico{Territorio: ovunquePA, Fondo: caso.FondoPoverta}),
			Then:  events{caso.Assegnato{CaseManager: anna, Modalita: caso.Manuale, Fondo: caso.FondoPoverta}},
		},
		scenario{
			Name:  "notes the run that chose, and the reason",
			Given: events{ricevuta},
			When:  caso.Assegna{CaseManager: anna, Incarichi: diPalermo, Modalita: caso.Automatica, Processo: processo, Motivo: "carico più basso"},
			Then:  events{caso.Assegnato{CaseManager: anna, Modalita: caso.Automatica, Processo: processo, Fondo: caso.PON, Motivo: "carico più basso"}},
		},
		scenario{
			Name:  "follows the nucleo to its new comune",
			Given: events{ricevuta, trasferito},
			When:  adAnnaCon(diMonreale...),
			Then:  events{caso.Assegnato{CaseManager: anna, Modalita: caso.Manuale}},
		},
		scenario{
			Name:  "gives a case that came back to the queue to the same person again",
			Given: events{ricevuta, adAnna, toltoAnna},
			When:  adAnnaCon(diPalermo...),
			Then:  events{adAnna},
		},
		scenario{
			Name:  "takes a reason of 500 letters, accents and all",
			Given: events{ricevuta},
			When:  caso.Assegna{CaseManager: anna, Incarichi: diPalermo, Modalita: caso.Manuale, Motivo: lungo[:1000]},
			Then:  events{caso.Assegnato{CaseManager: anna, Modalita: caso.Manuale, Fondo: caso.PON, Motivo: lungo[:1000]}},
		},
		scenario{
			Name:  "gives an assegno di inclusione whose PAD is signed",
			Given: events{conPAD},
			When:  adAnnaCon(diPalermo...),
			Then:  events{adAnna},
		},
		scenario{
			Name:  "changes nothing when the case is that person's already, even if not eligible now",
			Given: events{ricevuta, adAnna},
			When:  adAnnaCon(),
		},
		scenario{Name: "is refused for a case that is not there", When: adAnnaCon(diPalermo...), Err: caso.ErrInesistente},
		scenario{
			Name:  "is refused when the reason is too long",
			Given: events{ricevuta},
			When:  caso.Assegna{CaseManager: anna, Incarichi: diPalermo, Motivo: lungo},
			Err:   caso.ErrMotivoTroppoLungo, Field: "motivo",
		},
		scenario{
			Name:  "is refused when another is responsible",
			Given: events{ricevuta, adAnna},
			When:  caso.Assegna{CaseManager: bruno, Incarichi: diPalermo},
			Err:   caso.ErrGiaAssegnato,
		},
		scenario{Name: "is refused for a pensione di cittadinanza", Given: events{pensione}, When: adAnnaCon(diPalermo...), Err: caso.ErrFuoriCoda},
		scenario{Name: "is refused for an assegno di inclusione without PAD", Given: events{senzaPAD}, When: adAnnaCon(diPalermo...), Err: caso.ErrFuoriCoda},
		nonIdoneo("is refused to whom nobody accredited", adAnnaCon()),
		nonIdoneo("is refused to a case manager of another comune", adAnnaCon(diMonreale...)),
		nonIdoneo("is refused to a case manager of another ambito", adAnnaCon(diBagheria...)),
		nonIdoneo("is refused to nobody", caso.Assegna{Incarichi: diPalermo}),
	)
}

func TestRiassegna(t *testing.T) {
	aBrunoCon := func(cambia func(*caso.Riassegna)) caso.Riassegna {
		c := caso.Riassegna{Da: anna, A: bruno, Incarichi: diPalermo, Motivo: "ferie"}
		cambia(&c)
		return c
	}
	uguale := func(*caso.Riassegna) {}
	domaintest.Run(t, caso.Decider,
		scenario{
			Name:  "moves the case to another case manager",
			Given: events{ricevuta, adAnna},
			When:  aBrunoCon(uguale),
			Then:  events{aBruno},
		},
		scenario{
			Name:  "changes nothing when the case is there already",
			Given: events{ricevuta, adAnna, aBruno},
			When:  aBrunoCon(uguale),
		},
		scenario{Name: "is refused for a case that is not there", When: aBrunoCon(uguale), Err: caso.ErrInesistente},
		scenario{
			Name:  "is refused without a reason",
			Given: events{ricevuta, adAnna},
			When:  aBrunoCon(func(c *caso.Riassegna) { c.Motivo = " \t" }),
			Err:   caso.ErrMotivoMancante, Field: "motivo",
		},
		scenario{
			Name:  "is refused when the reason is too long",
			Given: events{ricevuta, adAnna},
			When:  aBrunoCon(func(c *caso.Riassegna) { c.Motivo = lungo }),
			Err:   caso.ErrMotivoTroppoLungo, Field: "motivo",
		},
		scenario{
			Name:  "is refused from one person to the same",
			Given: events{ricevuta, adAnna},
			When:  aBrunoCon(func(c *caso.Riassegna) { c.A = anna }),
			Err:   caso.ErrStessoCaseManager, Field: "a",
		},
		scenario{
			Name:  "is refused to nobody",
			Given: events{ricevuta, adAnna},
			When:  aBrunoCon(func(c *caso.Riassegna) { c.A = id.Operatore{} }),
			Err:   caso.ErrNonIdoneo, Field: "a",
		},
		scenario{
			Name:  "is refused while the case waits",
			Given: events{ricevuta, adAnna, toltoAnna},
			When:  aBrunoCon(uguale),
			Err:   caso.ErrNonAssegnato,
		},
		scenario{
			Name:  "is refused when someone else moved the case first",
			Given: events{ricevuta, adAnna, caso.Riassegnato{Da: anna, A: carla, Motivo: "ferie"}},
			When:  aBrunoCon(uguale),
			Err:   caso.ErrNonResponsabile,
		},
		scenario{
			Name:  "is refused to a case manager of another comune",
			Given: events{ricevuta, adAnna},
			When:  aBrunoCon(func(c *caso.Riassegna) { c.Incarichi = diMonreale }),
			Err:   caso.ErrNonIdoneo, Field: "a",
		},
	)
}

func TestAnnullaAssegnazione(t *testing.T) {
	suRichiesta := caso.AnnullaAssegnazione{Motivo: caso.Richiesta}
	refused := func(name string, err error, field string, cmd caso.AnnullaAssegnazione) scenario {
		return scenario{Name: name, Given: events{ricevuta, adAnna}, When: cmd, Err: err, Field: field}
	}
	domaintest.Run(t, caso.Decider,
		scenario{
			Name:  "returns the case to the queue",
			Given: events{ricevuta, adAnna},
			When:  suRichiesta,
			Then:  events{toltoAnna},
		},
		scenario{
			Name:  "notes another reason",
			Given: events{ricevuta, adAnna, aBruno},
			When:  caso.AnnullaAssegnazione{Motivo: caso.AltroMotivo, Nota: "maternità"},
			Then:  events{caso.Annullata{CaseManager: bruno, Motivo: caso.AltroMotivo, Nota: "maternità"}},
		},
		scenario{
			Name:  "changes nothing when the case came back already",
			Given: events{ricevuta, adAnna, toltoAnna},
			When:  suRichiesta,
		},
		scenario{Name: "is refused for a case that is not there", When: suRichiesta, Err: caso.ErrInesistente},
		scenario{Name: "is refused for a case that nobody ever had", Given: events{ricevuta}, When: suRichiesta, Err: caso.ErrNonAssegnato},
		refused("is refused without a reason", caso.ErrMotivoAnnullamento, "motivo", caso.AnnullaAssegnazione{}),
		refused("is refused for a reason that is the system's", caso.ErrMotivoAnnullamento, "motivo", caso.AnnullaAssegnazione{Motivo: caso.RevocaAccreditamento}),
		refused("is refused for ALTRO without a note", caso.ErrMotivoAnnullamento, "motivo", caso.AnnullaAssegnazione{Motivo: caso.AltroMotivo, Nota: " "}),
		refused("is refused when the note is too long", caso.ErrMotivoTroppoLungo, "nota", caso.AnnullaAssegnazione{Motivo: caso.AltroMotivo, Nota: lungo}),
	)
}

func TestLibera(t *testing.T) {
	domaintest.Run(t, caso.Decider,
		scenario{
			Name:  "returns to the queue the case of one who is no case manager any more",
			Given: events{ricevuta, adAnna},
			When:  caso.Libera{CaseManager: anna},
			Then:  events{caso.Annullata{CaseManager: anna, Motivo: caso.RevocaAccreditamento}},
		},
		scenario{
			Name:  "returns to the queue the case of one who is case manager elsewhere",
			Given: events{ricevuta, adAnna},
			When:  caso.Libera{CaseManager: anna, Incarichi: diMonreale},
			Then:  events{caso.Annullata{CaseManager: anna, Motivo: caso.RevocaAccreditamento}},
		},
		scenario{Name: "leaves the case of one who may carry it after all", Given: events{ricevuta, adAnna}, When: caso.Libera{CaseManager: anna, Incarichi: diPalermo}},
		scenario{Name: "leaves a case that is another's by now", Given: events{ricevuta, adAnna, aBruno}, When: caso.Libera{CaseManager: anna}},
		scenario{Name: "leaves a case that waits", Given: events{ricevuta, adAnna, toltoAnna}, When: caso.Libera{CaseManager: anna}},
		scenario{Name: "leaves a case that waits, asked for nobody", Given: events{ricevuta}, When: caso.Libera{}},
		scenario{Name: "leaves a case that is not there", When: caso.Libera{CaseManager: anna}},
	)
}

// TestAClosedCaseKeepsWhoIsResponsible: no event closes a case yet, so its
// state is written by hand.
func TestAClosedCaseKeepsWhoIsResponsible(t *testing.T) {
	for _, stato := range []caso.Stato{caso.Chiuso, caso.Decaduto, caso.Escluso} {
		s := caso.Decider.Fold(caso.State{}, ricevuta, adAnna)
		s.Stato = stato
		for _, cmd := range []domain.Command[caso.State, caso.Event]{
			caso.Assegna{CaseManager: bruno, Incarichi: diPalermo},
			caso.Riassegna{Da: anna, A: bruno, Incarichi: diPalermo, Motivo: "ferie"},
			caso.AnnullaAssegnazione{Motivo: caso.Richiesta},
		} {
			if got, err := cmd.Decide(s); !errors.Is(err, caso.ErrNonAperto) {
				t.Errorf("%T while %s: %v, %v", cmd, stato, got, err)
			}
		}
		if got, err := (caso.Libera{CaseManager: anna}).Decide(s); len(got) > 0 || err != nil {
			t.Errorf("Libera while %s: %v, %v", stato, got, err)
		}
	}
}

func TestOnlyAClosedCaseDoesNotMove(t *testing.T) {
	s := caso.Decider.Fold(caso.State{}, ricevuta)
	for stato, want := range map[caso.Stato]error{caso.Chiuso: caso.ErrNonAperto, caso.Decaduto: nil, caso.Escluso: nil} {
		s.Stato = stato
		if _, err := aMonrealeInMarzo.Decide(s); !errors.Is(err, want) {
			t.Errorf("while %s: %v, want %v", stato, err, want)
		}
	}
}

func TestAnAssignmentKnowsWhetherThereWasAnother(t *testing.T) {
	for _, c := range []struct {
		name  string
		given events
		want  caso.Assegnazione
		rias  bool
	}{
		{"received", events{ricevuta}, caso.Assegnazione{}, false},
		{"assigned", events{ricevuta, adAnna}, caso.Assegnazione{CaseManager: anna, Versione: 1}, false},
		{"moved house", events{ricevuta, adAnna, trasferito}, caso.Assegnazione{CaseManager: anna, Versione: 1}, false},
		{"back in the queue", events{ricevuta, adAnna, toltoAnna}, caso.Assegnazione{Versione: 2}, true},
		{"reassigned", events{ricevuta, adAnna, aBruno}, caso.Assegnazione{CaseManager: bruno, Versione: 2}, true},
	} {
		got := caso.Decider.Fold(caso.State{}, c.given...).Assegnazione
		if diff := cmp.Diff(c.want, got); diff != "" || got.Riassegnato() != c.rias {
			t.Errorf("%s: riassegnato %v\n%s", c.name, got.Riassegnato(), diff)
		}
	}
}

// TestEveryStateIsTold holds the table of the states to the Ministry's labels
// and to the numbers that a coordinator sees (GEPI-32..34).
func TestEveryStateIsTold(t *testing.T) {
	type told struct {
		Etichetta  string
		Aperto     bool
		Indicatore int
	}
	want := map[caso.Stato]told{
		"":                   {"", false, 0},
		caso.DaAvviare:       {"da avviare", true, 1},
		caso.InValutazioneAP: {"in valutazione AP", true, 1},
		caso.InValutazioneQA: {"in valutazione QA", true, 1},
		caso.InDefinizione:   {"in definizione PaIS", true, 1},
		caso.InMonitoraggio:  {"in monitoraggio", true, 2},
		caso.InviatoCPI:      {"inviato al CpI", true, 0},
		caso.InviatoServizi:  {"inviato ai servizi specialistici", true, 0},
		caso.Escluso:         {"escluso dagli obblighi", false, 0},
		caso.Decaduto:        {"decaduto", false, 0},
		caso.Chiuso:          {"chiuso", false, 0},
	}
	got := map[caso.Stato]told{}
	for s := range want {
		got[s] = told{s.Etichetta(), s.Aperto(), s.Indicatore()}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoRefusalOfACaseQuotesWhatWasSent(t *testing.T) {
	s := caso.Decider.Fold(caso.State{}, ricevuta)
	cmd := aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(ugo) })
	if _, err := cmd.Decide(s); err == nil || strings.Contains(err.Error(), ugo.CodiceFiscale) {
		t.Error(err)
	}
}
