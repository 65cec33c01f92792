package caso

// Stato is a position on the social path (GEPI-32..34; the labels are those of
// the Ministry's platform).
type Stato string

// The states.
const (
	DaAvviare       Stato = "DA_AVVIARE"
	InValutazioneAP Stato = "IN_VALUTAZIONE_AP"
	InValutazioneQA Stato = "IN_VALUTAZIONE_QA"
	InDefinizione   Stato = "IN_DEFINIZIONE_PAIS"
	InMonitoraggio  Stato = "IN_MONITORAGGIO"
	InviatoCPI      Stato = "INVIATO_CPI"
	InviatoServizi  Stato = "INVIATO_SERVIZI_SPECIALISTICI"
	Escluso         Stato = "ESCLUSO"
	Decaduto        Stato = "DECADUTO"
	Chiuso          Stato = "CHIUSO"
)

// Etichetta is the label that operators know a state by.
func (s Stato) Etichetta() string {
	switch s {
	case DaAvviare:
		return "da avviare"
	case InValutazioneAP:
		return "in valutazione AP"
	case InValutazioneQA:
		return "in valutazione QA"
	case InDefinizione:
		return "in definizione PaIS"
	case InMonitoraggio:
		return "in monitoraggio"
	case InviatoCPI:
		return "inviato al CpI"
	case InviatoServizi:
		return "inviato ai servizi specialistici"
	case Escluso:
		return "escluso dagli obblighi"
	case Decaduto:
		return "decaduto"
	case Chiuso:
		return "chiuso"
	}
	return ""
}

// Aperto reports whether work goes on: only open cases are assigned and wait
// in the queue.
func (s Stato) Aperto() bool {
	return s != "" && s != Chiuso && s != Decaduto && s != Escluso
}

// Indicatore is the workload number that an assigned case counts in: 1 before
// monitoring, 2 while monitored, 0 in neither (GEPI-32..34).
func (s Stato) Indicatore() int {
	switch s {
	case DaAvviare, InValutazioneAP, InValutazioneQA, InDefinizione:
		return 1
	case InMonitoraggio:
		return 2
	}
	return 0
}

// Dopo is the state that an event leads to (the table of domain rule 2.2);
// most events leave it as it is. Every reader of events asks this one table.
func (s Stato) Dopo(e Event) Stato {
	switch e := e.(type) {
	case DomandaRicevuta:
		return DaAvviare
	case AnalisiPreliminareAvviata, AnalisiPreliminareRiaperta, RientroDaServizioRegistrato:
		return InValutazioneAP
	case AnalisiPreliminareFinalizzata:
		return e.Stato
	case QuadroAnalisiFinalizzato:
		return InDefinizione
	case QuadroAnalisiRiaperto:
		return InValutazioneQA
	case PaISSottoscritto:
		return InMonitoraggio
	case NucleoEsclusoDagliObblighi:
		return Escluso
	case BeneficioDecaduto:
		if s == Chiuso {
			return s
		}
		return Decaduto
	case CasoChiuso:
		return Chiuso
	case CasoRiaperto:
		return e.StatoRipristinato
	}
	return s
}

// Muove reports whether an event may lead to another state: readers that show
// nothing else pass over those that do not.
func Muove(e Event) bool {
	const qualsiasi Stato = "?"
	return qualsiasi.Dopo(e) != qualsiasi
}

// opera refuses cases on which no work goes on.
func (c Ciclo) opera() error {
	switch {
	case c.Stato == "":
		return ErrInesistente
	case !c.Stato.Aperto():
		return ErrNonAperto
	}
	return nil
}
