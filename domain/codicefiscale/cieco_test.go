package codicefiscale_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"

	"nucleo/domain/codicefiscale"
)

const rossi = "RSSMRA80A41G273Z"

func TestABlindIndexIsThatOfTheCodeHoweverItIsWritten(t *testing.T) {
	pepe := codicefiscale.NuovoPepe([]byte("sale e pepe"))
	h := hmac.New(sha256.New, []byte("sale e pepe"))
	h.Write([]byte(rossi))
	if got := pepe.Cieco(rossi); string(got.UUID[:]) != string(h.Sum(nil)[:16]) {
		t.Errorf("%s is not the first half of HMAC-SHA-256", got)
	}
	for _, scritto := range []string{strings.ToLower(rossi), " " + rossi + "\n", "rss mra 80a41 g273z"} {
		if pepe.Cieco(scritto) != pepe.Cieco(rossi) {
			t.Errorf("%q has another", scritto)
		}
	}
	if omocodo := codicefiscale.Codice(rossi).ConOmocodia(1); pepe.Cieco(string(omocodo)) == pepe.Cieco(rossi) {
		t.Error("two people who share all but omocodia share it")
	}
	if got := pepe.Cieco(" "); !got.IsZero() {
		t.Errorf("no code has one: %s", got)
	}
}

func TestABlindIndexIsOfOneSecret(t *testing.T) {
	a, b := codicefiscale.NuovoPepe([]byte("a")), codicefiscale.NuovoPepe([]byte("b"))
	if a.Cieco(rossi) == b.Cieco(rossi) || a.Impronta() == b.Impronta() || a.Cieco(rossi) == (codicefiscale.Pepe{}).Cieco(rossi) {
		t.Error("two secrets give one index")
	}
	if a.Impronta() != codicefiscale.NuovoPepe([]byte("a")).Impronta() {
		t.Error("one secret has two prints")
	}
	for _, verbo := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if got := fmt.Sprintf(verbo, a); got != "codicefiscale.Pepe" {
			t.Errorf("%s prints %s", verbo, got)
		}
	}
}

func TestManyAskOneSecretAtATime(t *testing.T) {
	pepe := codicefiscale.NuovoPepe([]byte("a"))
	var tutti sync.WaitGroup
	for n := range 8 {
		tutti.Go(func() {
			codice := fmt.Sprint(n)
			for want := pepe.Cieco(codice); pepe.Cieco(codice) != want; {
				t.Error("another index for the same code")
				return
			}
		})
	}
	tutti.Wait()
}

func BenchmarkCieco(b *testing.B) {
	pepe := codicefiscale.NuovoPepe([]byte("a"))
	b.ReportAllocs()
	for b.Loop() {
		pepe.Cieco(rossi)
	}
}
