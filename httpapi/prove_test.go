package httpapi

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"nucleo/domain"
)

// sigillati is a log of three seals. What the proofs are is tested where they
// are made, and against a whole installation in cmd/nucleo.
type sigillati struct{}

const (
	hashDiProva = "2WPkncLABWFVZKjL6y7QIQEAo2+TiYqwRAZUZ6gDrDk="
	notaDiProva = "nucleo-prova\n3000\n" + hashDiProva + "\n\n— nucleo-prova zqRT53ThThKqALTROMsR\n"
)

func (sigillati) Chiavi() []string { return []string{"nucleo-prova+cea453e7+AZ1r0Q3y"} }

func (s sigillati) Elenco(ctx context.Context, prima int64, limite int) (all []Sigillo, err error) {
	for _, n := range []int64{3000, 2000, 1000} {
		if n < prima && len(all) < limite {
			one, _ := s.Sigillo(ctx, n)
			all = append(all, one)
		}
	}
	return all, nil
}

func (sigillati) Sigillo(_ context.Context, n int64) (Sigillo, error) {
	if n%1000 != 0 || n > 3000 {
		return Sigillo{}, domain.ErrNonTrovato
	}
	return Sigillo{Dimensione: n, Radice: hashDiProva, Posizione: uint64(n) * 100, Istante: mattina, Nota: notaDiProva}, nil
}

func (sigillati) Inclusione(_ context.Context, flusso string, numero uint64, dimensione int64) (Inclusione, error) {
	switch {
	case flusso != "caso-noto":
		return Inclusione{}, domain.ErrNonTrovato
	case numero > 9:
		return Inclusione{}, ErrNonSigillato
	}
	return Inclusione{Indice: 7, Dimensione: 1000, Foglia: hashDiProva, Hash: []string{hashDiProva}, Prova: "c2sp.org/tlog-proof@v1\nindex 7\n\n" + notaDiProva}, nil
}

func (sigillati) Consistenza(_ context.Context, da, a int64) (Consistenza, error) {
	if da%1000 != 0 || a%1000 != 0 {
		return Consistenza{}, domain.ErrNonTrovato
	}
	return Consistenza{Da: da, A: a, Hash: []string{hashDiProva}, NotaDa: notaDiProva, NotaA: notaDiProva}, nil
}

func TestSealsAndProofsAreForWhoVerifies(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	revisora := i.chi("REVISORA")
	for _, c := range []struct {
		path, contiene string
		status         int
		codice         string
	}{
		{"/sigilli?limit=10", `"dimensione":3000`, 200, ""},
		{"/sigilli/2000", `"dimensione":2000`, 200, ""},
		{"/sigilli/2001", "", 404, ""},
		{"/prove/inclusione?flusso=caso-noto&numero=3", "c2sp.org/tlog-proof@v1", 200, ""},
		{"/prove/inclusione?flusso=caso-noto&numero=10", "", 409, "sigilli.non_ancora"},
		{"/prove/inclusione?flusso=caso-ignoto&numero=3", "", 404, ""},
		{"/prove/consistenza?da=1000&a=3000", `"da":1000`, 200, ""},
		{"/prove/consistenza?da=3000&a=1000", "", 422, "sigilli.ordine"},
		{"/prove/consistenza?da=1&a=3000", "", 404, ""},
	} {
		r := revisora.chiede(t, i, "GET", Base+c.path, "")
		if r.status != c.status || !strings.Contains(r.body, c.contiene) || !strings.Contains(r.body, c.codice) {
			t.Errorf("%s: %d %s", c.path, r.status, r.body)
		}
	}
	var pagina struct{ Items []Sigillo }
	r := revisora.chiede(t, i, "GET", Base+"/sigilli?limit=10&prima=3000", "")
	if err := json.Unmarshal([]byte(r.body), &pagina); err != nil || len(pagina.Items) != 2 {
		t.Error(err, r.body)
	}
	for chi, status := range map[string]int{"SUPER": 200, "TUTELA": 200, "ANNA": 403, "CARLA": 403, "AMMINISTRA": 403} {
		if r := i.chi(chi).chiede(t, i, "GET", Base+"/sigilli", ""); r.status != status {
			t.Errorf("%s: %d", chi, r.status)
		}
	}
}
