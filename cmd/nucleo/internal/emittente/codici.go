package emittente

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// concessione is what a code stands for.
type concessione struct {
	richiesta
	persona Persona
	acr     string
	entrata time.Time // when the person was chosen
}

const (
	valeCodice     = time.Minute
	massimiCodici  = 1000
	valeIdentita   = 5 * time.Minute // of an ID token, which is read at once
	spidL1, spidL2 = "https://www.spid.gov.it/SpidL1", "https://www.spid.gov.it/SpidL2"
)

// concede makes a code, which works once and for a minute. It is not ok while too
// many were given and not used.
func (f *Fornitore) concede(c concessione) (codice string, ok bool) {
	if c.entrata = f.config.Now(); c.acr != spidL1 {
		c.acr = spidL2
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for vecchio, v := range f.codici {
		if c.entrata.Sub(v.entrata) >= valeCodice {
			delete(f.codici, vecchio)
		}
	}
	if len(f.codici) >= massimiCodici {
		return "", false
	}
	codice = rand.Text()
	f.codici[codice] = c
	return codice, true
}

// riscuote takes a code back, if it holds.
func (f *Fornitore) riscuote(codice string) (concessione, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, found := f.codici[codice]
	delete(f.codici, codice)
	return c, found && f.config.Now().Sub(c.entrata) < valeCodice
}

// scambia gives an ID token for a code, to whoever knows what the challenge was
// made from.
func (f *Fornitore) scambia(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, massimoModulo)
	intestazioni(w, "")
	w.Header().Set("Content-Type", "application/json")
	if r.PostFormValue("grant_type") != "authorization_code" {
		nega(w, "unsupported_grant_type")
		return
	}
	c, ok := f.riscuote(r.PostForm.Get("code"))
	fatta := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	provata := subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(fatta[:])), []byte(c.sfida)) == 1
	if !ok || !provata || r.PostForm.Get("client_id") != f.cliente.ID || r.PostForm.Get("redirect_uri") != f.cliente.Ritorno {
		nega(w, "invalid_grant")
		return
	}
	accesso := rand.Text()
	identita, err := f.identita(c, accesso)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{ // the reader went away
		"access_token": accesso, "token_type": "Bearer", "expires_in": int(valeIdentita.Seconds()), "id_token": identita,
	})
}

func nega(w http.ResponseWriter, perche string) {
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": perche}) // the reader went away
}

// identita is the ID token of who was chosen. The access token that comes with
// it opens nothing.
func (f *Fornitore) identita(c concessione, accesso string) (string, error) {
	standard, err := f.standard(f.subject(c.persona.CodiceFiscale), valeIdentita)
	if err != nil {
		return "", err
	}
	meta := sha256.Sum256([]byte(accesso))
	return jwt.Signed(f.signer).Claims(standard).Claims(persona{
		AuthTime: jwt.NewNumericDate(c.entrata), Acr: c.acr, Name: c.persona.Nome, FiscalNumber: "TINIT-" + c.persona.CodiceFiscale,
	}).Claims(map[string]any{
		"nonce": c.nonce, "at_hash": base64.RawURLEncoding.EncodeToString(meta[:len(meta)/2]),
	}).Serialize()
}
