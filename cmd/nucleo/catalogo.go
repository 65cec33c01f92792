package main

import (
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/caso"
	"nucleo/domain/distribuzione"
	"nucleo/domain/flussoinps"
	"nucleo/domain/importazione"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/projections"
	"nucleo/projections/agenda"
	"nucleo/projections/ambiti"
	"nucleo/projections/carico"
	"nucleo/projections/casi"
	"nucleo/projections/comunicazioni"
	"nucleo/projections/cronologia"
	"nucleo/projections/cruscotto"
	"nucleo/projections/distribuzioni"
	"nucleo/projections/operatori"
	"nucleo/projections/segnalazioni"
	"nucleo/projections/sostegni"
)

// catalogo is every event of every aggregate.
var catalogo = domain.NewCatalog(
	caso.Aggregate,
	operatore.Aggregate,
	ambito.Aggregate,
	importazione.Aggregate,
	flussoinps.Aggregate,
	distribuzione.Aggregate,
	processo.Aggregate,
)

// modelli is every read model.
var modelli = []projections.Model{
	casi.Projection,
	cronologia.Projection,
	carico.Projection,
	operatori.Projection,
	ambiti.Projection,
	sostegni.Projection,
	cruscotto.Projection,
	segnalazioni.Projection,
	comunicazioni.Projection,
	agenda.Projection,
	distribuzioni.Projection,
}
