package analisi

import "slices"

// Vista is one view, and what is said of it to those who read it.
type Vista struct {
	Nome    string
	Titolo  string // in Italian, for charts and files
	Cosa    string
	Colonne []Colonna
	senza   bool // it shows no cells
}

// Colonna is one column of a view.
type Colonna struct {
	Nome  string
	Cosa  string
	Unita string
	Tipo  string // text, date, integer, decimal or boolean
	da    string // SQL
}

// The names of the views of figures.
const (
	CasiPerStato             = "casi_per_stato"
	Indicatori               = "indicatori"
	SegnalazioniPerStato     = "segnalazioni_per_stato"
	Carichi                  = "carichi"
	CasiPerComune            = "casi_per_comune"
	Andamento                = "andamento"
	EsitiAP                  = "esiti_ap"
	Tempi                    = "tempi"
	AttesaPerComune          = "attesa_per_comune"
	SegnalazioniPerCategoria = "segnalazioni_per_categoria"
)

// Cerca is the view of a name.
func Cerca(nome string) (Vista, bool) {
	i := slices.IndexFunc(Viste, func(v Vista) bool { return v.Nome == nome && !v.senza })
	if i < 0 {
		return Vista{}, false
	}
	return Viste[i], true
}

// Nomi are the names of the views of figures.
func Nomi() (nomi []string) {
	for _, v := range Viste {
		if !v.senza {
			nomi = append(nomi, v.Nome)
		}
	}
	return nomi
}

func (v Vista) da() string {
	switch {
	case v.senza:
		return "analisi_dati.pubblicazioni"
	case slices.ContainsFunc(v.Colonne, func(c Colonna) bool { return c.Nome == "istat" }):
		return "analisi_dati.celle c LEFT JOIN analisi_dati.comuni l ON l.codice = c.comune WHERE c.vista = " + testo(v.Nome)
	}
	return "analisi_dati.celle c WHERE c.vista = " + testo(v.Nome)
}

// PerComune reports whether the view tells comuni apart.
func (v Vista) PerComune() bool {
	return slices.ContainsFunc(v.Colonne, func(c Colonna) bool { return c.Nome == "comune" })
}

// Columns that several views have.
var (
	giornoC = Colonna{"giorno", "The day, as things stood at its end in Europe/Rome. Every day of the last 400, and the last day of every month before.", "", "date", "c.periodo"}
	finoC   = Colonna{"giorno", "The last day of a month that is over, as things stood at its end in Europe/Rome.", "", "date", "c.periodo"}
	meseC   = Colonna{"mese", "The first day of a month that is over; days begin in Europe/Rome.", "", "date", "c.periodo"}
	ambitoC = Colonna{"ambito", "Code of the ambito where the cases were then.", "", "text", "c.ambito"}
	misuraC = Colonna{"misura", "The measure of the domanda: RDC, PDC or ADI; TOTALE for all.", "", "text", "c.misura"}
	comuneC = Colonna{"comune", "Belfiore code of the comune where the cases were then; TOTALE for the ambito.", "", "text", "c.comune"}
	istatC  = Colonna{"istat", "ISTAT code of the comune, six digits; null for the TOTALE and for most comuni that were abolished.", "", "text", "nullif(l.istat, '')"}
	nomeC   = Colonna{"denominazione", "Name of the comune; null for the TOTALE.", "", "text", "l.denominazione"}
	casiC   = Colonna{"casi", "How many cases (nuclei); null when it is not told.", "nuclei", "integer", "c.numero"}
	mediC   = Colonna{"giorni_medi", "Days it took on average, to a tenth, cut off; null when it is not told, or there is no case.", "days", "decimal", "c.media"}
	medianC = Colonna{"giorni_mediani", "Days it took the case in the middle; of two, their mean.", "days", "decimal", "c.mediana"}
	nascoC  = Colonna{"soppressa", "True when the number is not told: it is from 1 to 4, or would give away one that is.", "", "boolean", "c.soppressa"}
)

func voce(nome, cosa string) Colonna { return Colonna{nome, cosa, "", "text", "c.voce"} }

// Viste are all views of the schema analisi.
var Viste = []Vista{
	{Nome: CasiPerStato, Titolo: "Casi per stato", Cosa: "Cases by state at the end of each day, by measure.",
		Colonne: []Colonna{giornoC, ambitoC, misuraC, voce("stato", "State of the social path (docs/glossario.md); TOTALE for all."), casiC, nascoC}},
	{Nome: Indicatori, Titolo: "Indicatori generali", Cosa: "The counters of the general section of the dashboard at the end of each day.",
		Colonne: []Colonna{giornoC, ambitoC, voce("indicatore", "NUCLEI: all. DA_ASSEGNARE: open, in the queue, nobody's. ASSEGNATI: open, in the queue, somebody's. "+
			"PRESI_IN_CARICO: the AP in force has the outcome B, C or D. PAIS_FIRMATI: a PaIS was signed."), casiC, nascoC}},
	{Nome: SegnalazioniPerStato, Titolo: "Segnalazioni per stato", Cosa: "Segnalazioni by where they stand at the end of each day. A decided one counts where it was decided.",
		Colonne: []Colonna{giornoC, ambitoC, voce("stato", "State of a segnalazione (docs/glossario.md); TOTALE for all."),
			{"segnalazioni", "How many segnalazioni; null when it is not told.", "segnalazioni", "integer", "c.numero"}, nascoC}},
	{Nome: Carichi, Titolo: "Carichi di lavoro ed equità", Cosa: "How the assigned cases lie on the desks of those who have one at least, at the end of each day. Told of five case managers or more.",
		Colonne: []Colonna{giornoC, ambitoC,
			{"case_manager", "How many case managers have an assigned case; null when it is not told.", "people", "integer", "c.numero"},
			{"casi", "The cases assigned to them, together.", "nuclei", "integer", "c.altro"},
			{"carico_medio", "Cases for each of them on average, to a tenth, cut off.", "nuclei", "decimal", "c.media"},
			{"carico_mediano", "Cases of the one in the middle; of two, their mean.", "nuclei", "decimal", "c.mediana"},
			{"gini", "Gini coefficient of the loads, to four digits, cut off: 0 when all have the same, towards 1 when one has all.", "", "decimal", "c.gini"}, nascoC}},
	{Nome: CasiPerComune, Titolo: "Casi per comune", Cosa: "Cases of each comune by whether they are assigned, at the end of each month.",
		Colonne: []Colonna{finoC, ambitoC, comuneC, istatC, nomeC,
			voce("condizione", "DA_ASSEGNARE and ASSEGNATI as in indicatori, ALTRI: not in the queue, or no longer open; TOTALE for all."), casiC, nascoC}},
	{Nome: Andamento, Titolo: "Andamento", Cosa: "What happened in each month, by measure.",
		Colonne: []Colonna{meseC, ambitoC, misuraC, voce("fatto", "RICEVUTE: domande received. ASSEGNATE: assignments. AVVIATE: analisi preliminari begun. FIRMATI: PaIS signed. "+
			"CHIUSE: cases closed, lost or excluded. Something that happens twice to a case counts twice."),
			{"numero", "How often it happened; null when it is not told.", "", "integer", "c.numero"}, nascoC}},
	{Nome: EsitiAP, Titolo: "Esiti dell'analisi preliminare", Cosa: "Outcomes of the analisi preliminari that were finalised in each month, by measure.",
		Colonne: []Colonna{meseC, ambitoC, misuraC, voce("esito", "A, B, C or D (docs/glossario.md); TOTALE for all."), casiC, nascoC}},
	{Nome: Tempi, Titolo: "Tempi tra i passi", Cosa: "How long the stretches of the road took that ended in each month, the first time for each case. Told of five cases or more.",
		Colonne: []Colonna{meseC, ambitoC, voce("passaggio", "DOMANDA_ASSEGNAZIONE: from the day of the domanda to the first assignment. ASSEGNAZIONE_AP: from there to the day on which the AP began. "+
			"DOMANDA_AP: both. AP_PAIS: from there to the day on which the PaIS was signed."), casiC, mediC, medianC, nascoC}},
	{Nome: AttesaPerComune, Titolo: "Attesa per comune", Cosa: "How long cases of each comune waited that were assigned for the first time in each month.",
		Colonne: []Colonna{meseC, ambitoC, comuneC, istatC, nomeC, casiC, mediC, medianC, nascoC}},
	{Nome: SegnalazioniPerCategoria, Titolo: "Segnalazioni per categoria", Cosa: "Segnalazioni that were proposed in each month, by category.",
		Colonne: []Colonna{meseC, ambitoC, voce("categoria", "Category of the fact (docs/glossario.md); TOTALE for all."),
			{"segnalazioni", "How many segnalazioni; null when it is not told.", "segnalazioni", "integer", "c.numero"}, nascoC}},
	{Nome: "pubblicazioni", Titolo: "Pubblicazioni", Cosa: "Up to where the figures of each ambito are published.", senza: true,
		Colonne: []Colonna{
			{"ambito", "Code of the ambito.", "", "text", "ambito"},
			{"fino_al", "The last day that is told.", "", "date", "fino_al"},
			{"posizione", "Position of the log that the read model had reached.", "", "integer", "posizione"},
			{"versione", "Version of the definitions of the figures.", "", "integer", "versione"},
			{"pubblicata", "When it was published.", "", "instant", "pubblicata"}}},
}
