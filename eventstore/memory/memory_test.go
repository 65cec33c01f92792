package memory_test

import (
	"testing"

	"nucleo/eventstore"
	"nucleo/eventstore/keytest"
	"nucleo/eventstore/memory"
	"nucleo/eventstore/storetest"
)

func TestMemoryKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) eventstore.Log { return memory.New(storetest.Catalog) })
}

func TestMemoryKeepsThemSealing(t *testing.T) {
	storetest.Run(t, func(*testing.T) eventstore.Log { return memory.Sealed(storetest.Catalog, keytest.Keys()) })
}
