package httpapi

import (
	"encoding/json"
	"net/http"
)

// status answers as ModI asks: a problem document also when all is well.
func (a *API) status(w http.ResponseWriter, q *request) error {
	parti := a.Salute.Stato(q.Context())
	p := struct {
		Type     string  `json:"type"`
		Title    string  `json:"title"`
		Status   int     `json:"status"`
		Versione string  `json:"versione"`
		Parti    []Parte `json:"parti"`
	}{"about:blank", "OK", http.StatusOK, a.Versione, nonNil(parti)}
	for _, parte := range parti {
		if !parte.Bene {
			p.Title, p.Status = "Service Unavailable", http.StatusServiceUnavailable
			w.Header().Set("Retry-After", "5")
		}
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	return json.NewEncoder(w).Encode(p)
}

// livez says that the process answers.
func (a *API) livez(w http.ResponseWriter, _ *request) error {
	return answer(w, http.StatusOK, map[string]string{"stato": "vivo"})
}

// readyz says whether requests can be served.
func (a *API) readyz(w http.ResponseWriter, q *request) error {
	if err := a.Salute.Pronto(q.Context()); err != nil {
		a.Log.WarnContext(q.Context(), "not ready", "err", err)
		return errNonPronto
	}
	return answer(w, http.StatusOK, map[string]string{"stato": "pronto"})
}

func (a *API) metriche(w http.ResponseWriter, q *request) error {
	a.Metriche.ServeHTTP(w, q.Request)
	return nil
}

func (a *API) openapi(w http.ResponseWriter, _ *request) error {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.contratto.json)
	return nil
}
