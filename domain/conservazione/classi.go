package conservazione

import "time"

// Termine is how long something is kept. Months and years are those of the
// calendar.
type Termine struct {
	Anni, Mesi, Giorni int
	Ore                time.Duration
}

// Dopo is the end of a term that began at an instant.
func (t Termine) Dopo(da time.Time) time.Time {
	return da.AddDate(t.Anni, t.Mesi, t.Giorni).Add(t.Ore)
}

// Classe is a kind of data: how long it is kept, from when on, and what becomes
// of it then (D-15). What is in no class is kept for as long as the log is.
type Classe struct {
	Nome  string
	Cosa  string
	Per   Termine
	Da    string // from when on
	Poi   string // what becomes of it
	Fonte string // of the term
}

// The classes. docs/conservazione.md shows them, and the parts of the program
// that carry them out are held to them by a test.
var (
	RegistroAccessi = Classe{
		"REGISTRO_ACCESSI", "a month of the record of who looked at what, in one ambito", Termine{Mesi: Mesi}, "the end of the month",
		"the policy `conservazione` ends each of its streams by an event, each day that something has expired", "DPCM 24 October 2014, art. 13",
	}
	Casi = Classe{
		"CASI", "what is sealed of a household in a case; of who is in another case too, until that one is over as well", Termine{Anni: 10}, "the end of the case",
		"the policy `termini` proposes the erasure, each day; the keys are destroyed when one person has taken the proposal up and another has authorised it (docs/cancellazione.md)",
		"art. 2946 c.c.: as long as claims about it can be made; to be confirmed by each titolare",
	}
	Sessioni = Classe{
		"SESSIONI", "sessions of people who signed in by the browser", Termine{Ore: 8 * time.Hour}, "the sign-in",
		"they end, and their rows are deleted an hour later", "AgID's guidelines on SPID leave it to the service: a working day",
	}
	FileOperatori = Classe{
		"FILE_OPERATORI", "workbooks of operators that were uploaded, and their workbooks of errors", Termine{Ore: 24 * time.Hour}, "the upload",
		"they are deleted, unless their application is under way", "D-15: exports and what is prepared for people lasts a day",
	}
	Aperture = Classe{
		"APERTURE", "the right to read the personal data of one case in a replay", Termine{Ore: time.Hour}, "its grant",
		"it opens nothing any more; that it was granted stays", "ADR 0026",
	}
	KEK = Classe{
		"KEK", "a key-encryption key that wraps nothing any more", Termine{Giorni: 35}, "the end of its rotation",
		"its file is destroyed, each day that one has expired: no backup of the keys of its time can be opened any more", "D-8, D-15: as long as backups",
	}
	Copie = Classe{
		"COPIE", "backups of the log and of the secrets", Termine{Giorni: 35}, "their making",
		"`nucleo backup --tieni 35` deletes them, at each backup", "D-15",
	}
)

// Classi are all of them.
var Classi = []Classe{Casi, RegistroAccessi, Sessioni, FileOperatori, Aperture, KEK, Copie}
