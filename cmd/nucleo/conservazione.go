package main

import (
	"nucleo/domain/conservazione"
	"nucleo/eventstore"
)

// finito is the stream of the access log that an event ends.
func finito(e eventstore.Stored) string {
	fine, ok := e.Recorded(eventi).Event.(conservazione.Scaduto)
	if !ok || e.Stream != conservazione.Decider.Stream(fine.Flusso) {
		return ""
	}
	return fine.Flusso
}
