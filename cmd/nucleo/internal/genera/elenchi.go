package genera

// Common names, combined by chance.
var (
	uomini = []string{
		"Mario", "Luca", "Giuseppe", "Antonio", "Salvatore", "Francesco", "Giovanni", "Vincenzo", "Pietro", "Domenico",
		"Carlo", "Paolo", "Andrea", "Marco", "Alessandro", "Davide", "Simone", "Filippo", "Rosario", "Gaetano",
		"Matteo", "Lorenzo", "Gabriele", "Niccolò", "Emanuele", "Fabio", "Stefano", "Roberto", "Angelo", "Michele",
		"Ugo", "Leo", "Calogero", "Ignazio", "Santo", "Bruno", "Tommaso", "Riccardo", "Daniele", "Sergio",
	}
	donne = []string{
		"Anna", "Maria", "Giulia", "Francesca", "Rosa", "Angela", "Giovanna", "Teresa", "Lucia", "Carmela",
		"Caterina", "Elena", "Sara", "Chiara", "Martina", "Alessia", "Federica", "Valentina", "Paola", "Laura",
		"Silvia", "Concetta", "Agata", "Rosalia", "Giuseppina", "Antonella", "Daniela", "Patrizia", "Ida", "Lia",
		"Sofia", "Aurora", "Ginevra", "Beatrice", "Vittoria", "Noemi", "Irene", "Marta", "Serena", "Zoe",
	}
	cognomi = []string{
		"Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco",
		"Bruno", "Gallo", "Conti", "De Luca", "Mancini", "Costa", "Giordano", "Rizzo", "Lombardi", "Moretti",
		"Barbieri", "Fontana", "Santoro", "Mariani", "Rinaldi", "Caruso", "Ferrara", "Galli", "Martini", "Leone",
		"Longo", "Gentile", "Martinelli", "Vitale", "Lombardo", "Serra", "Coppola", "De Santis", "D'Angelo", "Marchetti",
		"Parisi", "Villa", "Conte", "Ferraro", "Ferri", "Fabbri", "Bianco", "Marini", "Grasso", "Valentini",
		"Messina", "Sala", "De Angelis", "Gatti", "Pellegrini", "Palumbo", "Sanna", "Farina", "Rizzi", "Monti",
		"Cattaneo", "Morelli", "Amato", "Silvestri", "Mazza", "Testa", "Grassi", "Pellegrino", "Carbone", "Giuliani",
		"Benedetti", "Barone", "Rossetti", "Caputo", "Montanari", "Guerra", "Palmieri", "Bernardi", "Martino", "Fiore",
	}
	// vie exist nowhere.
	vie = []string{
		"Via degli Esempi", "Via delle Prove", "Via Immaginaria", "Via Inventata", "Viale dei Campioni", "Piazza Fittizia",
		"Via del Collaudo", "Via delle Ipotesi", "Largo della Finzione", "Corso dei Modelli", "Vicolo del Caso", "Via della Simulazione",
		"Via dell'Anteprima", "Via Senza Nome", "Salita del Dato", "Cortile della Bozza",
	}
	// natali are where people of the South, and some others, were born.
	natali = []string{"G273", "C351", "F158", "L331", "A089", "F839", "H703", "A662", "H224", "H501", "F205", "L219", "D612", "B354", "D643", "L049"}
)

// stato is where people come from who were born abroad.
type stato struct {
	codice, iso            string
	titolo                 string // of their stay, when they are no citizens of the Union
	uomini, donne, cognomi []string
}

var stati = []stato{
	{"Z129", "ROU", "", []string{"Andrei", "Mihai", "Ion"}, []string{"Elena", "Ioana", "Mihaela"}, []string{"Popescu", "Ionescu", "Dumitru"}},
	{"Z100", "ALB", "SOGGIORNANTE_LUNGO_PERIODO", []string{"Arben", "Ilir", "Besnik"}, []string{"Drita", "Mira", "Vjosa"}, []string{"Hoxha", "Shehu", "Gjoka"}},
	{"Z330", "MAR", "SOGGIORNANTE_LUNGO_PERIODO", []string{"Youssef", "Hassan", "Karim"}, []string{"Fatima", "Khadija", "Samira"}, []string{"Alaoui", "Bennani", "Idrissi"}},
	{"Z138", "UKR", "PROTEZIONE_INTERNAZIONALE", []string{"Oleh", "Taras", "Andrij"}, []string{"Oksana", "Olena", "Natalija"}, []string{"Shevchenko", "Kovalenko", "Bondarenko"}},
	{"Z249", "BGD", "SOGGIORNANTE_LUNGO_PERIODO", []string{"Rahim", "Kamal", "Jamil"}, []string{"Nasrin", "Shirin", "Rupa"}, []string{"Hossain", "Rahman", "Akter"}},
	{"Z352", "TUN", "SOGGIORNANTE_LUNGO_PERIODO", []string{"Mourad", "Nabil", "Sami"}, []string{"Amel", "Leila", "Sonia"}, []string{"Ben Salah", "Trabelsi", "Jebali"}},
	{"Z335", "NGA", "PERMESSO_UNICO_LAVORO", []string{"Chidi", "Emeka", "Tunde"}, []string{"Amaka", "Blessing", "Joy"}, []string{"Okafor", "Adeyemi", "Eze"}},
	{"Z222", "IND", "SOGGIORNANTE_LUNGO_PERIODO", []string{"Ravi", "Arjun", "Sunil"}, []string{"Priya", "Anita", "Sunita"}, []string{"Singh", "Kumar", "Sharma"}},
}
