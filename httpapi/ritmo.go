package httpapi

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
)

// ritmo counts what each operator asks, minute by minute, in this process.
type ritmo struct {
	mu      sync.Mutex
	minuto  time.Time
	chieste map[uuid.UUID]int
}

// conta counts one request, tells the caller how many are left (ModI), and
// refuses it when there are none.
func (r *ritmo) conta(w http.ResponseWriter, chi domain.Attore, adesso time.Time, massimo int) error {
	if massimo <= 0 {
		return nil
	}
	minuto := adesso.Truncate(time.Minute)
	r.mu.Lock()
	if !minuto.Equal(r.minuto) {
		r.minuto, r.chieste = minuto, map[uuid.UUID]int{}
	}
	r.chieste[chi.ID]++
	chieste := r.chieste[chi.ID]
	r.mu.Unlock()
	resta := int(math.Ceil(minuto.Add(time.Minute).Sub(adesso).Seconds()))
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(massimo))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(massimo-chieste, 0)))
	h.Set("X-RateLimit-Reset", strconv.Itoa(resta))
	if chieste <= massimo {
		return nil
	}
	p := *errTroppeRichieste
	p.riprova = resta
	return &p
}
