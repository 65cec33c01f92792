package httpapi

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/httpapi/auth"
)

// respinti remembers for a while who was not let in: those who try again and
// again have their stream read once in that time, and noted once a day.
type respinti struct {
	mu   sync.Mutex
	fino map[id.Operatore]time.Time
}

const (
	valeRifiuto     = time.Minute
	massimiRifiuti  = 10_000
	pazienzaRifiuto = 5 * time.Second
)

// nuovo reports whether somebody was not refused a moment ago.
func (r *respinti) nuovo(o id.Operatore, adesso time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if adesso.Before(r.fino[o]) {
		return false
	}
	if r.fino == nil || len(r.fino) >= massimiRifiuti {
		r.fino = map[id.Operatore]time.Time{}
	}
	r.fino[o] = adesso.Add(valeRifiuto)
	return true
}

// nonEntra notes that a person signed in, and was not let in (domain.md 6.6):
// below the level that is asked for, or without a role that holds. Nothing is
// kept of persons who are not known here. The answer does not depend on it.
func (a *API) nonEntra(q *request, o id.Operatore, livello bool) {
	adesso := a.Adesso()
	if !a.respinti.nuovo(o, adesso) {
		return
	}
	ctx, basta := context.WithTimeout(context.WithoutCancel(q.Context()), pazienzaRifiuto) // who hangs up is noted too
	defer basta()
	err := a.Comandi.RifiutaAccesso(ctx, commands.Request{
		Comando: uuid.New(), Impronta: "accesso", Attore: domain.Portineria, Canale: domain.Sistema, Adesso: adesso,
	}, o, operatore.RifiutaAccesso{Livello: livello})
	if err != nil {
		a.Log.WarnContext(q.Context(), "a refused access is not noted", "richiesta", requestID(q.Context()), "attore", o, "error", err)
	}
}

// nonEntraPer notes a sign-in, or a token, of too low a level, where it names
// somebody.
func (a *API) nonEntraPer(q *request, err error) {
	var basso auth.LivelloBasso
	if errors.As(err, &basso) {
		a.nonEntra(q, a.Comandi.OperatoreDi(basso.CodiceFiscale), true)
	}
}

// rifiutoVisto is a day on which a person was not let in, the last for each
// reason.
type rifiutoVisto struct {
	Motivo operatore.MotivoRifiuto `json:"motivo"`
	Giorno giorno.Giorno           `json:"giorno"`
}

func mostraRifiuti(s operatore.State) []rifiutoVisto {
	visti := []rifiutoVisto{}
	for _, r := range s.Rifiuti {
		visti = append(visti, rifiutoVisto(r))
	}
	return visti
}
