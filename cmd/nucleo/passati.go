package main

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"nucleo/httpapi"
	"nucleo/projections"
	"nucleo/projections/agenda"
	"nucleo/projections/ambiti"
	"nucleo/projections/carico"
	"nucleo/projections/casi"
	"nucleo/projections/comunicazioni"
	"nucleo/projections/cruscotto"
	"nucleo/projections/nuclei"
	"nucleo/projections/operatori"
	"nucleo/projections/segnalazioni"
	"nucleo/projections/sostegni"
)

// passatiTenuti is of how many days the lists are kept at a time, and passatiPer
// how long without anybody who reads them.
const (
	passatiTenuti = 3
	passatiPer    = 30 * time.Minute
)

// modelliPassati are those that the lists of a past day are read from.
var modelliPassati = []projections.Model{
	casi.Projection, segnalazioni.Projection, operatori.Projection, agenda.Projection, cruscotto.Projection, carico.Projection, ambiti.Projection,
	comunicazioni.Projection, sostegni.Projection, nuclei.Projection,
}

// apriPassati makes ready to fold lists as they were.
func (s *servizio) apriPassati(api *httpapi.API) {
	caso := make([]byte, 4) // replicas of one database keep their own
	_, _ = rand.Read(caso)
	s.passati = projections.NuoviPassati(projections.PassatiConfig{
		Pool: s.lettura, Origine: s.origine(), Modelli: modelliPassati,
		Segno: hex.EncodeToString(caso), Massimo: passatiTenuti, Resta: passatiPer, Adesso: time.Now, Log: s.log,
	})
	api.Passati = s.passati
}
