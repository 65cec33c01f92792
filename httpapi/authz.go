package httpapi

import (
	"slices"

	"nucleo/domain"
)

// azione is a right, as docs/authz.csv names it.
type azione string

// The rights.
const (
	aperta             azione = ""
	chiSono            azione = "profili.leggere"
	cercaCasi          azione = "casi.cercare"
	leggeCaso          azione = "casi.aprire"
	assegnaCaso        azione = "casi.assegnare"
	leggeCronologia    azione = "casi.cronologia"
	replicaCaso        azione = "casi.replicare"
	annotaCaso         azione = "casi.annotare"
	leggeCronistoria   azione = "casi.cronistoria"
	chiudeCaso         azione = "casi.chiudere"
	riapreCaso         azione = "casi.riaprire"
	escludeNucleo      azione = "nucleo.escludere"
	registraEsoneri    azione = "esoneri.registrare"
	aggiornaRecapiti   azione = "recapiti.aggiornare"
	compilaAP          azione = "ap.compilare"
	compilaQA          azione = "qa.compilare"
	definiscePaIS      azione = "pais.definire"
	conduceSostegno    azione = "sostegni.condurre"
	anticipaSostegno   azione = "sostegni.anticipare"
	elencaSostegni     azione = "sostegni.elencare"
	pianificaIncontri  azione = "incontri.pianificare"
	registraIncontri   azione = "incontri.registrare"
	valutaIncontri     azione = "incontri.valutare"
	elencaMiei         azione = "casi.miei"
	leggeAgenda        azione = "agenda.leggere"
	elencaScadenze     azione = "scadenze.elencare"
	contaScadenze      azione = "scadenze.contare"
	elencaDaRegistrare azione = "incontri.elencare"
	elencaCaseManager  azione = "case_manager.elencare"
	importa            azione = "importazioni.eseguire"
	elencaOperatori    azione = "operatori.elencare"
	accreditaOperatore azione = "operatori.accreditare"
	elencaAmbiti       azione = "ambiti.elencare"
	creaAmbito         azione = "ambiti.creare"

	leggeCruscotto azione = "cruscotto.leggere"
	contaMiei      azione = "cruscotto.miei"

	inviaComunicazioni azione = "comunicazioni.inviare"

	elencaComunicazioni azione = "comunicazioni.elencare"

	leggeAnalisi   azione = "analisi.leggere"
	esportaAnalisi azione = "analisi.esportare"

	leggeDotazione azione = "ambiti.dotazione"

	accreditaInMassa azione = "operatori.accreditare_da_file"

	registraAssenza azione = "indisponibilita.registrare"

	proponeSegnalazione    azione = "segnalazioni.proporre"
	decideSegnalazioni     azione = "segnalazioni.decidere"
	cercaSegnalazioni      azione = "segnalazioni.cercare"
	leggeAutoapprovazioni  azione = "segnalazioni.autoapprovate"
	regolaAutoapprovazione azione = "ambiti.autoapprovazione"

	distribuisceCasi azione = "casi.distribuire"

	revocaSessioni azione = "sessioni.revocare"

	leggeAccessi     azione = "accessi.leggere"
	leggeMieiAccessi azione = "accessi.miei"
	cercaAccessi     azione = "accessi.interessato"

	leggeCause azione = "cause.leggere"

	chiedeAperture azione = "aperture.chiedere"
	elencaAperture azione = "aperture.elencare"
	decideAperture azione = "aperture.decidere"
	usaAperture    azione = "aperture.usare"
	verificaProve  azione = "sigilli.verificare"

	esportaFascicolo azione = "fascicoli.esportare"
	replicaElenchi   azione = "elenchi.replicare"

	proteggeCaso azione = "casi.proteggere"

	leggeAllarmi   azione = "allarmi.leggere"
	spiegaAllarmi  azione = "allarmi.spiegare"
	segnalaAllarmi azione = "allarmi.segnalare"

	chiedeCancellazioni azione = "cancellazioni.chiedere"
	leggeCancellazioni  azione = "cancellazioni.leggere"
	decideCancellazioni azione = "cancellazioni.decidere"
	poneVincoli         azione = "vincoli.porre"
)

// permessi is the one table of who may do what (ADR 0007). What a right
// reaches, by territory or by being responsible, is decided where the thing is
// read; docs/authz.csv says it for jurists, and a test holds the two together.
var permessi = map[azione][]domain.Ruolo{
	cercaCasi:          {domain.CoordinatorePaIS},
	leggeCaso:          {domain.CoordinatorePaIS, domain.CaseManager},
	assegnaCaso:        {domain.CoordinatorePaIS},
	leggeCronologia:    {domain.CoordinatorePaIS, domain.CaseManager},
	replicaCaso:        {domain.Auditor},
	annotaCaso:         {domain.CaseManager},
	leggeCronistoria:   {domain.CaseManager},
	chiudeCaso:         {domain.CaseManager, domain.CoordinatorePaIS},
	riapreCaso:         {domain.CaseManager, domain.CoordinatorePaIS},
	escludeNucleo:      {domain.CaseManager},
	registraEsoneri:    {domain.CaseManager},
	aggiornaRecapiti:   {domain.CaseManager},
	compilaAP:          {domain.CaseManager},
	compilaQA:          {domain.CaseManager},
	definiscePaIS:      {domain.CaseManager},
	conduceSostegno:    {domain.CaseManager, domain.ReferenteSostegni},
	anticipaSostegno:   {domain.ReferenteSostegni},
	elencaSostegni:     {domain.ReferenteSostegni},
	pianificaIncontri:  {domain.CaseManager, domain.ResponsabileIncontri},
	registraIncontri:   {domain.CaseManager, domain.ResponsabileIncontri},
	valutaIncontri:     {domain.CaseManager},
	elencaMiei:         {domain.CaseManager},
	leggeAgenda:        {domain.CaseManager, domain.ResponsabileIncontri},
	elencaScadenze:     {domain.CaseManager, domain.ResponsabileIncontri},
	contaScadenze:      {domain.CoordinatorePaIS},
	elencaDaRegistrare: {domain.ResponsabileIncontri},
	elencaCaseManager:  {domain.CoordinatorePaIS},
	importa:            {domain.SistemaINPS},
	elencaOperatori:    {domain.SuperUtente, domain.AmministratoreAmbito},
	accreditaOperatore: {domain.SuperUtente, domain.AmministratoreAmbito},
	elencaAmbiti:       {domain.SuperUtente, domain.AmministratoreAmbito, domain.Auditor, domain.Analista},
	creaAmbito:         {domain.SuperUtente},

	leggeCruscotto: {domain.CoordinatorePaIS, domain.AmministratoreAmbito, domain.SuperUtente, domain.Analista, domain.ResponsabileDati},

	contaMiei: {domain.CaseManager},

	inviaComunicazioni: {domain.CaseManager},

	elencaComunicazioni: {domain.CoordinatorePaIS, domain.CaseManager},

	leggeAnalisi:   {domain.CoordinatorePaIS, domain.AmministratoreAmbito, domain.SuperUtente, domain.Analista, domain.ResponsabileDati},
	esportaAnalisi: {domain.CoordinatorePaIS, domain.Analista},

	leggeDotazione: {domain.SuperUtente, domain.AmministratoreAmbito},

	accreditaInMassa: {domain.AmministratoreAmbito},

	registraAssenza: {domain.SuperUtente, domain.AmministratoreAmbito, domain.CoordinatorePaIS},

	proponeSegnalazione:    {domain.CaseManager},
	decideSegnalazioni:     {domain.CoordinatorePaIS},
	cercaSegnalazioni:      {domain.CoordinatorePaIS, domain.CaseManager},
	leggeAutoapprovazioni:  {domain.Auditor},
	regolaAutoapprovazione: {domain.SuperUtente, domain.AmministratoreAmbito},

	distribuisceCasi: {domain.CoordinatorePaIS},

	revocaSessioni: {domain.SuperUtente, domain.AmministratoreAmbito},

	leggeAccessi:     {domain.AmministratoreAmbito, domain.Auditor, domain.ResponsabileDati},
	leggeMieiAccessi: domain.Ruoli,
	cercaAccessi:     {domain.ResponsabileDati},

	leggeCause: {domain.Auditor},

	chiedeAperture: {domain.Auditor},
	elencaAperture: {domain.Auditor, domain.ResponsabileDati},
	decideAperture: {domain.ResponsabileDati},
	usaAperture:    {domain.Auditor},
	verificaProve:  {domain.SuperUtente, domain.Auditor, domain.ResponsabileDati},

	esportaFascicolo: {domain.Auditor},
	replicaElenchi:   {domain.Auditor},

	proteggeCaso: {domain.CoordinatorePaIS, domain.ResponsabileDati},

	leggeAllarmi:   {domain.AmministratoreAmbito, domain.Auditor, domain.ResponsabileDati, domain.SuperUtente},
	spiegaAllarmi:  {domain.AmministratoreAmbito, domain.ResponsabileDati, domain.SuperUtente},
	segnalaAllarmi: {domain.AmministratoreAmbito, domain.ResponsabileDati, domain.SuperUtente},

	chiedeCancellazioni: {domain.ResponsabileDati},
	leggeCancellazioni:  {domain.ResponsabileDati},
	decideCancellazioni: {domain.ResponsabileDati},
	poneVincoli:         {domain.ResponsabileDati},
}

// puo reports whether a role has a right.
func puo(r domain.Ruolo, a azione) bool {
	return a == aperta || a == chiSono || slices.Contains(permessi[a], r)
}
