package codicefiscale

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"sync"

	"github.com/google/uuid"
)

// Cieco is the blind index of a code: whoever has the Pepe finds a person by
// it, and whoever has not cannot tell whose it is, nor try all codes there are.
// Equal codes have equal ones. The zero Cieco is of no code.
type Cieco struct{ uuid.UUID }

// IsZero reports whether it is of no code.
func (c Cieco) IsZero() bool { return c == Cieco{} }

// Pepe is the secret of the blind indexes of an installation, the same for as
// long as there are any. The zero Pepe is none, and hides nothing: it is for
// tests. It may be used by many at a time.
type Pepe struct{ *pepe }

type pepe struct {
	segreto []byte
	mac     sync.Pool // a hash.Hash costs more to make than to use again
}

// NuovoPepe is the Pepe of a secret.
func NuovoPepe(segreto []byte) Pepe {
	p := &pepe{segreto: append([]byte{}, segreto...)}
	p.mac.New = func() any { return hmac.New(sha256.New, p.segreto) }
	return Pepe{p}
}

// Format implements fmt.Formatter: a secret is not printed.
func (p Pepe) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("codicefiscale.Pepe")) }

// Cieco is the blind index of a code, in whatever form it was written.
func (p Pepe) Cieco(codice string) Cieco {
	codice = Normale(codice)
	if codice == "" {
		return Cieco{}
	}
	somma := p.somma(codice)
	return Cieco{uuid.UUID(somma[:16])}
}

// Impronta tells one Pepe from another and says nothing else of it.
func (p Pepe) Impronta() string {
	somma := p.somma("\x00impronta") // no code begins so
	return hex.EncodeToString(somma[:8])
}

func (p Pepe) somma(testo string) [sha256.Size]byte {
	if p.pepe == nil {
		p = senzaPepe
	}
	h := p.mac.Get().(hash.Hash)
	defer p.mac.Put(h)
	h.Reset()
	_, _ = h.Write([]byte(testo))
	var somma [sha256.Size]byte
	h.Sum(somma[:0])
	return somma
}

var senzaPepe = NuovoPepe(nil)

// Normale is the form in which codes are compared: capitals, without spaces.
// Letters that stand for digits stay, for they tell people apart. What is no
// code at all has one too, and equals itself.
func Normale(codice string) string {
	if !strings.ContainsFunc(codice, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) {
		return codice
	}
	return strings.ToUpper(strings.Join(strings.Fields(codice), ""))
}
