package caso

import (
	"strconv"

	"github.com/google/uuid"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Misura is the benefit that a domanda asks for.
type Misura string

// The measures.
const (
	RDC Misura = "RDC" // reddito di cittadinanza
	PDC Misura = "PDC" // pensione di cittadinanza: no duties, so no place in the queue
	ADI Misura = "ADI" // assegno di inclusione
)

// Fonte says who reported a change of the nucleo.
type Fonte string

// The sources.
const (
	FonteINPS   Fonte = "INPS"
	FonteComune Fonte = "COMUNE"
)

// Nucleo is the household: who is in it, who left, where it lives.
type Nucleo struct {
	Indirizzo  Indirizzo
	Componenti []Componente
	Usciti     []Componente
}

// Indirizzo is where the nucleo lives.
type Indirizzo struct {
	Via    string `json:"via" personale:"via"`
	Civico string `json:"civico,omitempty"`
	CAP    string `json:"cap"`
	Comune string `json:"comune"` // Belfiore
}

// Recapiti is how to reach the nucleo.
type Recapiti struct {
	Telefono  string `json:"telefono,omitempty" personale:"recapito"`
	Cellulare string `json:"cellulare,omitempty" personale:"recapito"`
	Email     string `json:"email,omitempty" personale:"recapito"`
}

// Componente is one person of the nucleo, with the fields of the Ministry's
// export layout.
type Componente struct {
	ID                     id.Componente `json:"componente_id,omitzero" soggetto:"persona"`
	CodiceFiscale          string        `json:"codice_fiscale" personale:"codice_fiscale"`
	Cognome                string        `json:"cognome" personale:"nome"`
	Nome                   string        `json:"nome" personale:"nome"`
	Sesso                  string        `json:"sesso" personale:"dato"` // M, F
	DataNascita            giorno.Giorno `json:"data_nascita" personale:"dato"`
	ComuneNascita          string        `json:"comune_nascita" personale:"dato"` // Belfiore, Z for abroad
	Nazionalita            string        `json:"nazionalita,omitempty" personale:"dato"`
	Relazione              string        `json:"relazione_parentale" personale:"dato"`
	Convivente             bool          `json:"convivente" personale:"dato"`
	Disabilita             bool          `json:"disabilita" personale:"dato"`
	GradoDisabilita        string        `json:"grado_disabilita,omitempty" personale:"dato"`
	Occupazione            string        `json:"condizione_occupazionale,omitempty" personale:"dato"`
	MesiDisoccupazione     int           `json:"periodo_disoccupazione_mesi,omitempty" personale:"dato"`
	NASpI                  bool          `json:"naspi,omitempty" personale:"dato"`
	DIDFirmata             bool          `json:"did_firmata,omitempty" personale:"dato"`
	StatoPattoLavoro       string        `json:"stato_patto_lavoro,omitempty" personale:"dato"`
	Studente               bool          `json:"studente,omitempty" personale:"dato"`
	TitoloStudio           string        `json:"titolo_studio,omitempty" personale:"dato"`
	QualificaProfessionale string        `json:"qualifica_professionale,omitempty" personale:"dato"`
	TitoloSoggiorno        string        `json:"titolo_soggiorno,omitempty" personale:"dato"`
	TenutoAgliObblighi     bool          `json:"tenuto_agli_obblighi" personale:"dato"`
	StatoBeneficio         string        `json:"stato_beneficio,omitempty" personale:"dato"`
	Recapiti
}

// Richiedente is the relation of the person who filed the domanda.
const Richiedente = "RICHIEDENTE"

// Relazioni are the relations to the richiedente.
var Relazioni = []string{Richiedente, "CONIUGE", "CONVIVENTE", "FIGLIO", "GENITORE", "FRATELLO_SORELLA", "NIPOTE", "ALTRO_PARENTE", "ALTRO"}

// Rimosso is a person who left the nucleo, and why.
type Rimosso struct {
	Componente id.Componente `json:"componente_id" soggetto:"persona"`
	Motivo     string        `json:"motivo" personale:"dato"`
}

// MotiviUscita are the reasons for which a person leaves a nucleo.
var MotiviUscita = []string{"DECESSO", "USCITA_NUCLEO", "NUOVO_NUCLEO", "TRASFERIMENTO_ESTERO", "RETTIFICA", "ALTRO"}

// componenteDi is the id of the n-th person ever in the nucleo of a domanda.
// It is made of the case and a number, and so says nothing of the person.
func componenteDi(domanda string, n int) id.Componente {
	return id.Componente{UUID: uuid.NewSHA1(id.CasoDi(domanda).UUID, []byte("componente/"+strconv.Itoa(n)))}
}

// Minore reports whether the person is under age on a day.
func (c Componente) Minore(il giorno.Giorno) bool { return c.DataNascita.Anni(il) < 18 }
