package httpapi

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
)

func TestAnActionIsReadWithWhatLedToWhat(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.vive(t)
	i.aggiornato(t)
	revisora := i.chi("REVISORA")
	eventi := revisora.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String()+"/eventi", "").vuole(t, 200, "")
	azione := fmt.Sprint(eventi.campo("eventi", "1", "correlation_id"))
	r := revisora.chiede(t, i, "GET", Base+"/cause/"+azione, "").vuole(t, 200, "")
	if got := fmt.Sprint(r.campo("items", "0", "tipo"), r.campo("items", "0", "id"), r.campo("items", "0", "oggetto"), r.campo("items", "0", "attore", "nome")); got != fmt.Sprint(eventi.campo("eventi", "1", "tipo"), eventi.campo("eventi", "1", "id"), casoN(1), eventi.campo("eventi", "1", "attore_nome")) {
		t.Errorf("the action is told as %s\n%s", got, r.body)
	}
	revisora.chiede(t, i, "GET", Base+"/cause/"+uuid.NewString(), "").vuole(t, 404, "")
	l.cm.chiede(t, i, "GET", Base+"/cause/"+azione, "").vuole(t, 403, "vietato")
}
