package main

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"nucleo/httpapi"
	"nucleo/projections"
	"nucleo/projections/casi"
	"nucleo/projections/nuclei"
	"nucleo/projections/operatori"
	"nucleo/projections/segnalazioni"
)

// passatiTenuti is of how many days the lists are kept at a time, and passatiPer
// how long without anybody who reads them.
const (
	passatiTenuti = 3
	passatiPer    = 30 * time.Minute
)

// apriPassati makes ready to fold lists as they were.
func (s *servizio) apriPassati(api *httpapi.API) {
	caso := make([]byte, 4) // replicas of one database keep their own
	_, _ = rand.Read(caso)
	s.passati = projections.NuoviPassati(projections.PassatiConfig{
		Pool: s.lettura, Origine: s.origine(), Modelli: []projections.Model{casi.Projection, segnalazioni.Projection, operatori.Projection, nuclei.Projection},
		Segno: hex.EncodeToString(caso), Massimo: passatiTenuti, Resta: passatiPer, Adesso: time.Now, Log: s.log,
	})
	api.Passati = s.passati
}
