package sistema_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/sistema"
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, sistema.Aggregate.Entries, sistema.SigilloApposto{
		Dimensione: 1000, Radice: domain.Digest{0xa1, 31: 0xb2}, Posizione: 471100,
		Nota: "nucleo-1f2e3d4c\n1000\noQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAALI=\n\n— nucleo-1f2e3d4c c2lnaWxsbw==\n",
	})
}
