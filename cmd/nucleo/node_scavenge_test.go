package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain/conservazione"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
)

// The verb tells how the scavenge of a node ended. Of a stream of Nucleo nothing is
// removed, whatever somebody wrote into its metadata, and the verb names it.
func TestScavengeDaVerbo(t *testing.T) {
	n, err := node.Start(t.Context(), node.Config{Dir: t.TempDir(), Keep: intoccabile})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := n.Stop(); err != nil {
			t.Error(err)
		}
	}()
	caso := fmt.Sprint("caso-", uuid.New())
	metti := func(stream, kind, data string, n2 int) {
		t.Helper()
		for range n2 {
			if _, err := n.Log().Append(t.Context(), stream, eventlog.Any, []eventlog.Proposed{{ID: uuid.New(), Type: kind, JSON: true, Data: []byte(data)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, stream := range []string{caso, "altra"} {
		metti(stream, "t", "{}", 5)
		metti("$$"+stream, eventlog.TypeMetadata, `{"$tb":3}`, 1)
	}
	const finito, tolto = "accesso-PA42-202401-0a", "accesso-PA42-202402-0a" // the second by somebody, who said nothing
	metti(conservazione.Decider.Stream(finito), "RegistroScaduto", "{}", 1)
	for _, mese := range []string{finito, tolto} {
		metti(mese, "AccessoRegistrato", "{}", 7)
		if _, err := n.Log().Delete(t.Context(), mese, eventlog.Any); err != nil {
			t.Fatal(err)
		}
	}
	metti("altra", "t", "{}", 1)
	var out bytes.Buffer
	if err := scavenge(t.Context(), n.Address(), &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "10 events of 2 streams removed") || !strings.Contains(out.String(), "kept although its metadata hide events: "+caso) || !strings.Contains(out.String(), tolto) || strings.Contains(out.String(), finito) {
		t.Error(out.String())
	}
	if err := n.Log().Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
