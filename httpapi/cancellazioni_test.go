package httpapi

import (
	"fmt"
	"testing"

	"nucleo/domain"
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
