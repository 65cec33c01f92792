// Package modulo is the form by which an amministratore names the operators of
// an ambito all at once: its columns, the words that stand in them, and what a
// row says. How the form is written as a workbook is for an adapter.
package modulo

import (
	"slices"
	"strings"

	"nucleo/domain"
)

// Campo is a column of the form, by the name that the API gives to what stands
// in it.
type Campo string

// The columns.
const (
	CodiceFiscale Campo = "codice_fiscale"
	Cognome       Campo = "cognome"
	Nome          Campo = "nome"
	DataNascita   Campo = "data_nascita"
	ComuneNascita Campo = "comune_nascita"
	Genere        Campo = "genere"
	Ruolo         Campo = "ruolo"
	Ambito        Campo = "ambito"
	Comuni        Campo = "comuni"
	Fondo         Campo = "fondo"
	Dal           Campo = "dal"
	Protocollo    Campo = "richiesta_protocollo"
	DataRichiesta Campo = "richiesta_data"
	Email         Campo = "email"
	Telefono      Campo = "telefono"
)

// Colonna is how a column is shown.
type Colonna struct {
	Campo        Campo
	Titolo       string // of the heading
	Obbligatoria bool
	Data         bool   // what stands in it is a day
	Guida        string // one Italian sentence for whoever fills the form in
}

// Colonne are the columns, in order: what ACC-06 and ACC-27 ask for is mandatory.
var Colonne = []Colonna{
	{CodiceFiscale, "Codice fiscale", true, false, "I 16 caratteri del codice fiscale della persona."},
	{Cognome, "Cognome", true, false, "Il cognome, come nel codice fiscale."},
	{Nome, "Nome", true, false, "Il nome, come nel codice fiscale."},
	{DataNascita, "Data di nascita", true, true, "Nella forma gg/mm/aaaa, con l'anno di quattro cifre."},
	{ComuneNascita, "Comune di nascita", true, false, "Il nome del comune o dello stato estero, o il suo codice catastale (per esempio G273)."},
	{Genere, "Genere", true, false, "M o F."},
	{Ruolo, "Ruolo", true, false, "Uno dei ruoli dell'elenco. Chi ha più ruoli occupa più righe."},
	{Ambito, "Ambito", true, false, "Il codice dell'ambito: è già scritto, non va cambiato."},
	{Comuni, "Comune di riferimento", false, false, "Uno dei comuni dell'elenco, che abbia sottoscritto la convenzione; più comuni si separano con un punto e virgola. Vuoto: il ruolo vale su tutto l'ambito."},
	{Fondo, "Fondo", false, false, "Per i soli case manager: PON, FONDO_POVERTA o ALTRO; altrimenti vuoto."},
	{Dal, "Valido dal", false, true, "Il primo giorno dell'accreditamento. Vuoto: il giorno in cui il file è controllato."},
	{Protocollo, "Protocollo della richiesta", true, false, "Il numero di protocollo della richiesta con cui il comune ha indicato la persona."},
	{DataRichiesta, "Data della richiesta", true, true, "La data della richiesta, nella forma gg/mm/aaaa."},
	{Email, "E-mail", false, false, "Facoltativa."},
	{Telefono, "Telefono", false, false, "Facoltativo."},
}

// Incarico is a role that the form offers, under the name that people know.
type Incarico struct {
	Ruolo domain.Ruolo
	Nome  string
}

// Incarichi are the roles that an amministratore grants (ACC-10, I4).
var Incarichi = []Incarico{
	{domain.CoordinatorePaIS, "Coordinatore PaIS"},
	{domain.CaseManager, "Case manager"},
	{domain.CoordinatoreControlli, "Coordinatore controlli anagrafici"},
	{domain.ResponsabileControlli, "Responsabile controlli anagrafici"},
	{domain.ResponsabilePUC, "Responsabile PUC"},
	{domain.ReferenteSostegni, "Referente attivazione sostegni"},
	{domain.ResponsabileIncontri, "Responsabile registrazione incontri"},
	{domain.ResponsabileSvantag, "Responsabile condizione di svantaggio"},
}

// Fondi are the funds, and Generi the genders, that the form offers.
var (
	Fondi  = []string{"PON", "FONDO_POVERTA", "ALTRO"}
	Generi = []string{"M", "F"}
)

// MassimoRighe is how many rows one form holds.
const MassimoRighe = 500

// Riga is a row of the form: what stands in each column, as text, days as
// gg/mm/aaaa.
type Riga struct {
	Numero int // as the sheet counts: the headings are row 1
	Celle  []string
}

// Cella is what stands in a column, without the space around it.
func (r Riga) Cella(c Campo) string {
	i := slices.IndexFunc(Colonne, func(col Colonna) bool { return col.Campo == c })
	if i < 0 || i >= len(r.Celle) {
		return ""
	}
	return strings.TrimSpace(r.Celle[i])
}

// Vuota reports whether nobody filled the row in: what the template writes
// there counts for nothing.
func (r Riga) Vuota() bool {
	for i, c := range Colonne {
		if c.Campo != Ambito && i < len(r.Celle) && strings.TrimSpace(r.Celle[i]) != "" {
			return false
		}
	}
	return true
}

// Luogo is a comune of the ambito, by its Belfiore code.
type Luogo struct{ Codice, Nome string }

// Voce is how lists offer the comune.
func (l Luogo) Voce() string { return l.Nome + " (" + l.Codice + ")" }

// Territorio is the ambito that a form is for.
type Territorio struct {
	Codice, Denominazione string
	Comuni                []Luogo
}
