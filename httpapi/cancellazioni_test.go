package httpapi

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
)

// conDueTutele is an installation whose privacy desk has two persons.
func conDueTutele(t *testing.T) *impianto {
	t.Helper()
	i, _ := conPrivacy(t)
	i.accredita(t, "SECONDA", domain.ResponsabileDati, intero, "")
	i.aggiornato(t)
	return i
}

func (i *impianto) chiedeCancellazione(t *testing.T, chi chi, base string) risposta {
	t.Helper()
	return chi.chiede(t, i, "POST", Base+"/cancellazioni", `{"tipo":"NUCLEO","caso_id":"`+casoN(1).String()+`","base":"`+base+`","riferimento":"PROT-2026/9"}`)
}

func TestAnErasureIsAskedForByOneAndAuthorisedByAnother(t *testing.T) {
	i := conDueTutele(t)
	tutela, seconda, altra := i.chi("TUTELA"), i.chi("SECONDA"), i.chi("ALTRA")
	i.chiedeCancellazione(t, altra, "PERSONA_ERRATA").vuole(t, 404, "caso.inesistente")
	i.chiedeCancellazione(t, tutela, "TERMINE_DECORSO").vuole(t, 409, "cancellazione.caso_aperto")
	c := Base + "/cancellazioni/" + fmt.Sprint(i.chiedeCancellazione(t, tutela, "PERSONA_ERRATA").vuole(t, 201, "").campo("id"))
	tutela.chiede(t, i, "POST", c+"/autorizzazioni", `{}`).vuole(t, 403, "cancellazione.stessa_persona")
	altra.chiede(t, i, "POST", c+"/autorizzazioni", `{}`).vuole(t, 404, "cancellazione.inesistente")
	altra.chiede(t, i, "GET", c, "").vuole(t, 404, "cancellazione.inesistente")
	if r := seconda.chiede(t, i, "POST", c+"/autorizzazioni", `{}`).vuole(t, 201, ""); r.campo("stato") != "AUTORIZZATA" {
		t.Errorf("it is %v", r.campo("stato"))
	}
	tutela.chiede(t, i, "GET", c+"/ricevuta", "").vuole(t, 409, "cancellazione.non_provata")
	tutela.chiede(t, i, "GET", c, "").vuole(t, 200, "")
	i.aggiornato(t)
	if r := tutela.chiede(t, i, "GET", Base+"/cancellazioni?stato=AUTORIZZATA", "").vuole(t, 200, ""); r.campo("items", "0", "decisa_da", "nome") != "SECONDA Zafferani" {
		t.Errorf("the desk is shown %v", r.campo("items"))
	}
	if r := altra.chiede(t, i, "GET", Base+"/cancellazioni", "").vuole(t, 200, ""); r.campo("items", "0") != nil {
		t.Errorf("another desk is shown %v", r.campo("items"))
	}
}

func TestAnErasureMayBeRefused(t *testing.T) {
	i := conDueTutele(t)
	tutela, seconda := i.chi("TUTELA"), i.chi("SECONDA")
	c := Base + "/cancellazioni/" + fmt.Sprint(i.chiedeCancellazione(t, tutela, "PERSONA_ERRATA").vuole(t, 201, "").campo("id"))
	seconda.chiede(t, i, "POST", c+"/rifiuti", `{"motivo":"NON_DOVUTA"}`).vuole(t, 201, "")
	seconda.chiede(t, i, "POST", c+"/autorizzazioni", `{}`).vuole(t, 409, "cancellazione.gia_decisa")
}

func TestAHoldKeepsACaseWhateverTheBasis(t *testing.T) {
	i := conDueTutele(t)
	tutela, altra := i.chi("TUTELA"), i.chi("ALTRA")
	poni := `{"caso_id":"` + casoN(1).String() + `","motivo":"CONTENZIOSO","riferimento":"RG-77/2026"}`
	togli := `{"caso_id":"` + casoN(1).String() + `","riferimento":"RG-78/2026"}`
	altra.chiede(t, i, "POST", Base+"/vincoli", poni).vuole(t, 404, "caso.inesistente")
	tutela.chiede(t, i, "POST", Base+"/vincoli/rimozioni", togli).vuole(t, 409, "vincolo.assente")
	tutela.chiede(t, i, "POST", Base+"/vincoli", poni).vuole(t, 201, "")
	i.chiedeCancellazione(t, tutela, "ORDINE_AUTORITA").vuole(t, 409, "cancellazione.vincolo")
	i.aggiornato(t)
	if r := tutela.chiede(t, i, "GET", Base+"/vincoli", "").vuole(t, 200, ""); r.campo("items", "0", "caso_id") != casoN(1).String() {
		t.Errorf("the desk is shown %v", r.campo("items"))
	}
	tutela.chiede(t, i, "POST", Base+"/vincoli/rimozioni", togli).vuole(t, 201, "")
	i.chiedeCancellazione(t, tutela, "ORDINE_AUTORITA").vuole(t, 201, "")
}

// What the program proposes is taken up by one person and decided by another, or
// set aside; nobody of another ambito sees it.
func TestAProposalIsTakenUpOrSetAside(t *testing.T) {
	i := conDueTutele(t)
	i.chiude(t, 1)
	i.chiude(t, 2)
	i.dopo.Store(int64(10 * 366 * 24 * time.Hour))
	c1, c2 := i.proposta(t, 1), i.proposta(t, 2)
	i.aggiornato(t)
	tutela, seconda, altra := i.chi("TUTELA"), i.chi("SECONDA"), i.chi("ALTRA")
	r := tutela.chiede(t, i, "GET", Base+"/cancellazioni?stato=PROPOSTA", "").vuole(t, 200, "")
	if r.campo("items", "1", "fine") == nil || r.campo("items", "1", "richiesta_da") != nil || r.campo("items", "2") != nil {
		t.Errorf("the desk is shown %v", r.campo("items"))
	}
	altra.chiede(t, i, "POST", c1+"/prese-in-carico", `{"riferimento":"1/2036"}`).vuole(t, 404, "cancellazione.inesistente")
	altra.chiede(t, i, "POST", c1+"/accantonamenti", `{"motivo":"CONTENZIOSO"}`).vuole(t, 404, "cancellazione.inesistente")
	seconda.chiede(t, i, "POST", c1+"/autorizzazioni", `{}`).vuole(t, 409, "cancellazione.non_presa")
	tutela.chiede(t, i, "POST", c1+"/prese-in-carico", `{"riferimento":"ROSSI"}`).vuole(t, 400, "cancellazione.riferimento")
	if r := tutela.chiede(t, i, "POST", c1+"/prese-in-carico", `{"riferimento":"1/2036"}`).vuole(t, 201, ""); r.campo("stato") != "IN_ATTESA" {
		t.Errorf("it is %v", r.campo("stato"))
	}
	tutela.chiede(t, i, "POST", c1+"/autorizzazioni", `{}`).vuole(t, 403, "cancellazione.stessa_persona")
	seconda.chiede(t, i, "POST", c1+"/autorizzazioni", `{}`).vuole(t, 201, "")

	tutela.chiede(t, i, "POST", c2+"/accantonamenti", `{"motivo":"BOH"}`).vuole(t, 400, "")
	if r := tutela.chiede(t, i, "POST", c2+"/accantonamenti", `{"motivo":"CONTENZIOSO"}`).vuole(t, 201, ""); r.campo("stato") != "ACCANTONATA" || r.campo("motivo") != "CONTENZIOSO" {
		t.Errorf("it is %v", r.campo("stato"))
	}
	seconda.chiede(t, i, "POST", c2+"/autorizzazioni", `{}`).vuole(t, 409, "cancellazione.non_presa")
}

// chiude ends a case.
func (i *impianto) chiude(t *testing.T, n int) {
	t.Helper()
	flusso, testa := caso.Decider.Stream(casoN(n).String()), domain.Head{}
	for r, err := range i.store.Read(t.Context(), flusso) {
		if err != nil {
			t.Fatal(err)
		}
		testa = r.Head()
	}
	if _, err := i.store.Append(t.Context(), flusso, testa, domain.Meta{Comando: uuid.New(), Istante: i.adesso(), Attore: uuid.New()}, caso.CasoChiuso{Motivo: caso.ChiusoPerTermine, Data: giorno.Data(2026, 5, 4)}); err != nil {
		t.Fatal(err)
	}
}

// proposta has the erasure of a case proposed.
func (i *impianto) proposta(t *testing.T, n int) string {
	t.Helper()
	req := i.richiesta(domain.Oblio)
	e, err := i.Comandi.ProponiCancellazione(t.Context(), req, cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: casoN(n)})
	i.nota(t, e.Posizione, err)
	return Base + "/cancellazioni/" + uuid.NewSHA1(req.Comando, []byte("cancellazione")).String()
}

// Whoever replays a case is told why some of it reads as erased: who asked, who
// decided and what was destroyed, and of nobody whose it was; not before it happened.
func TestAReplayTellsOfErasures(t *testing.T) {
	i := conDueTutele(t)
	tutela, seconda, revisora := i.chi("TUTELA"), i.chi("SECONDA"), i.chi("REVISORA")
	prima := i.adesso().UTC().Format(time.RFC3339)
	i.dopo.Add(int64(time.Minute))
	c := Base + "/cancellazioni/" + fmt.Sprint(i.chiedeCancellazione(t, tutela, "PERSONA_ERRATA").vuole(t, 201, "").campo("id"))
	seconda.chiede(t, i, "POST", c+"/rifiuti", `{"motivo":"NON_DOVUTA"}`).vuole(t, 201, "")
	i.aggiornato(t)
	i.dopo.Add(int64(time.Minute))
	storia := Base + "/casi/" + casoN(1).String() + "/eventi"
	r := revisora.chiede(t, i, "GET", storia, "").vuole(t, 200, "")
	for k, want := range []string{"Cancellazione dei dati del nucleo richiesta: persona errata, atto PROT-2026/9", "Cancellazione rifiutata: non dovuta"} {
		if got := r.campo("cancellazioni", fmt.Sprint(k), "descrizione"); got != want {
			t.Errorf("it reads %v, not %q", got, want)
		}
	}
	if r.campo("cancellazioni", "1", "attore_nome") != "SECONDA Zafferani" || r.campo("cancellazioni", "2") != nil {
		t.Errorf("it tells %v", r.campo("cancellazioni"))
	}
	if r := revisora.chiede(t, i, "GET", storia+"?alla="+prima, "").vuole(t, 200, ""); r.campo("cancellazioni", "0") != nil {
		t.Errorf("before it was asked for it tells %v", r.campo("cancellazioni"))
	}
}
