// Package catalogo is what the programs are made of: the events of all
// aggregates, and the read models. Both are written out, an aggregate or a model
// a line.
package catalogo

import (
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/ambito"
	"nucleo/domain/apertura"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/conservazione"
	"nucleo/domain/distribuzione"
	"nucleo/domain/flussoinps"
	"nucleo/domain/importazione"
	"nucleo/domain/massivo"
	"nucleo/domain/oblio"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/domain/sistema"
	"nucleo/domain/vincolo"
	"nucleo/projections"
	"nucleo/projections/accessi"
	"nucleo/projections/agenda"
	"nucleo/projections/allarmi"
	"nucleo/projections/ambiti"
	"nucleo/projections/aperture"
	"nucleo/projections/cancellazioni"
	"nucleo/projections/carico"
	"nucleo/projections/casi"
	"nucleo/projections/comunicazioni"
	"nucleo/projections/correlazioni"
	"nucleo/projections/cronologia"
	"nucleo/projections/cruscotto"
	"nucleo/projections/distribuzioni"
	"nucleo/projections/nuclei"
	"nucleo/projections/operatori"
	"nucleo/projections/protezioni"
	"nucleo/projections/segnalazioni"
	"nucleo/projections/sostegni"
)

// Eventi are those of every aggregate.
var Eventi = domain.NewCatalog(
	caso.Aggregate,
	operatore.Aggregate,
	ambito.Aggregate,
	importazione.Aggregate,
	flussoinps.Aggregate,
	distribuzione.Aggregate,
	processo.Aggregate,
	massivo.Aggregate,
	accesso.Aggregate,
	apertura.Aggregate,
	sistema.Aggregate,
	allarme.Aggregate,
	conservazione.Aggregate,
	cancellazione.Aggregate,
	oblio.Aggregate,
	vincolo.Aggregate,
)

// Modelli are the read models.
var Modelli = []projections.Model{
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
	accessi.Projection,
	correlazioni.Projection,
	aperture.Projection,
	allarmi.Projection,
	protezioni.Projection,
	cancellazioni.Projection,
	nuclei.Projection,
}
