package casi

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Filtro is a search in one of the lists (GEPI-27, GEPI-28, GEPI-41..43). All
// criteria must hold; a zero criterion asks for nothing.
type Filtro struct {
	Territorio domain.Territorio // nothing outside is ever found
	Lista      Lista

	IDDomanda   string              // exact
	Persona     codicefiscale.Cieco // anybody in the nucleo
	Nominativo  string              // each word begins a word of surname or name of the richiedente
	CAP         string
	Indirizzo   string // each word begins a word of street or number
	Riassegnato *bool
	Comune      string // Belfiore
	Misura      caso.Misura
	Priorita    []Priorita // any of them
	CaseManager id.Operatore

	Ordina  Colonna // zero: priority in the queue, the latest assignment first in the assigned list
	Verso   Verso
	Limite  int    // 10, 25, 50 or 100 rows
	Cursore string // of the page before; empty for the first

	Oggi   giorno.Giorno // the day of the priorities; later pages keep that of the first
	Soglie Soglie
}

// Limiti are how many rows a page may have (GEPI-42).
var Limiti = []int{10, 25, 50, 100}

// Refusals of a search.
var (
	ErrLista        = domain.Refuse(domain.Invalid, "ricerca.lista_non_valida", "the list is that of cases to assign, or of assigned cases")
	ErrLimite       = domain.Refuse(domain.Invalid, "ricerca.limite_non_valido", "a page has 10, 25, 50 or 100 rows")
	ErrOrdine       = domain.Refuse(domain.Invalid, "ricerca.ordine_non_valido", "there is no such column in this list, or no such direction")
	ErrPriorita     = domain.Refuse(domain.Invalid, "ricerca.priorita_non_valida", "the priority is ALTA, MEDIA or BASSA")
	ErrTesto        = domain.Refuse(domain.Invalid, "ricerca.testo_non_valido", "a criterion is at most 200 characters of text; names and addresses have at least one letter or digit")
	ErrCursore      = domain.Refuse(domain.Invalid, "ricerca.cursore_non_valido", "the cursor is not one that this service gave: start from the first page")
	ErrAltraRicerca = domain.Refuse(domain.Invalid, "ricerca.cursore_di_altra_ricerca", "the cursor belongs to another search: start from the first page")
)

const massimoTesto = 200 // characters

// completa checks the search and fills in what it leaves open.
func (f Filtro) completa() (Filtro, error) {
	if f.Lista != DaAssegnare && f.Lista != Assegnati {
		return f, ErrLista.At("lista")
	}
	if f.Ordina == "" {
		f.Ordina = PerPriorita
		if f.Lista == Assegnati {
			f.Ordina = PerDataAssegnazione
			f.Verso = Discendente
		}
	}
	if f.Verso == "" {
		f.Verso = Ascendente
	}
	o, ok := ordini[f.Ordina]
	switch {
	case !slices.Contains(Limiti, f.Limite):
		return f, ErrLimite.At("limit")
	case !ok || o.lista != 0 && f.Lista != o.lista:
		return f, ErrOrdine.At("ordina")
	case f.Verso != Ascendente && f.Verso != Discendente:
		return f, ErrOrdine.At("verso")
	case slices.ContainsFunc(f.Priorita, func(p Priorita) bool { return p != Alta && p != Media && p != Bassa }):
		return f, ErrPriorita.At("priorita")
	}
	if campo := f.illeggibile(); campo != "" {
		return f, ErrTesto.At(campo)
	}
	f.Soglie = f.Soglie.soglie()
	if f.IDDomanda != "" {
		f.IDDomanda, _ = caso.NormalizzaIDDomanda(f.IDDomanda)
	}
	f.Nominativo, f.Indirizzo = testo(f.Nominativo), testo(f.Indirizzo)
	return f, nil
}

// illeggibile names a criterion that no text of ours can meet.
func (f Filtro) illeggibile() string {
	for campo, s := range map[string]string{
		"id_domanda": f.IDDomanda, "nominativo": f.Nominativo, "cap": f.CAP,
		"indirizzo": f.Indirizzo, "comune": f.Comune, "misura": string(f.Misura), "ambito": f.Territorio.Ambito,
		"comuni": strings.Join(f.Territorio.Comuni, ""),
	} {
		parole := campo == "nominativo" || campo == "indirizzo"
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || campo != "comuni" && utf8.RuneCountInString(s) > massimoTesto ||
			parole && s != "" && testo(s) == "" {
			return campo
		}
	}
	return ""
}

// impronta tells searches apart, whatever their page.
func (f Filtro) impronta() []byte {
	f.Cursore, f.Limite, f.Oggi = "", 0, 0
	data, err := json.Marshal(f)
	if err != nil {
		panic(err) // a struct of texts and numbers
	}
	sum := sha256.Sum256(data)
	return sum[:12]
}
