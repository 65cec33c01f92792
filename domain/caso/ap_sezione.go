package caso

import (
	"reflect"
	"regexp"
	"slices"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Sezione is one section of an AP or QA. What a form asks beyond the text lies
// in Voci, so that a new form needs no new event.
type Sezione struct {
	Sezione    CodiceSezione `json:"sezione"`
	Componente id.Componente `json:"componente_id,omitzero" soggetto:"persona"` // zero: of the nucleo as a whole
	Punteggio  *int          `json:"punteggio,omitempty" personale:"dato"`
	Contenuto  Contenuto     `json:"contenuto"`
	Revisione  int           `json:"revisione"` // from 1
}

// Contenuto is what a section says.
type Contenuto struct {
	Testo string       `json:"testo,omitempty" personale:"testo"`
	Fonte FonteSezione `json:"fonte"`
	Voci  []Voce       `json:"voci,omitempty"`
}

// Voce is one answer of a form, by the code of its question.
type Voce struct {
	Codice string `json:"codice"`
	Valore string `json:"valore" personale:"testo"`
}

// CodiceSezione names a section.
type CodiceSezione string

// The sections: the six domains of d.lgs. 147/2017 art. 5, and three more.
const (
	CondizioniFunzionamenti CodiceSezione = "CONDIZIONI_FUNZIONAMENTI"
	SituazioneEconomica     CodiceSezione = "SITUAZIONE_ECONOMICA"
	SituazioneLavorativa    CodiceSezione = "SITUAZIONE_LAVORATIVA"
	EducazioneFormazione    CodiceSezione = "EDUCAZIONE_FORMAZIONE"
	CondizioneAbitativa     CodiceSezione = "CONDIZIONE_ABITATIVA"
	Reti                    CodiceSezione = "RETI"
	AnagraficaNucleo        CodiceSezione = "ANAGRAFICA_NUCLEO"
	ServiziGiaAttivi        CodiceSezione = "SERVIZI_GIA_ATTIVI"
	SintesiEsito            CodiceSezione = "SINTESI_ESITO"
)

// The sections of each instrument. An AP is finalised when each of the domains is saved.
var (
	Dimensioni = []CodiceSezione{CondizioniFunzionamenti, SituazioneEconomica, SituazioneLavorativa, EducazioneFormazione, CondizioneAbitativa, Reti}
	SezioniAP  = slices.Concat(Dimensioni, []CodiceSezione{AnagraficaNucleo, ServiziGiaAttivi, SintesiEsito})
)

// FonteSezione says where the knowledge in a section comes from.
type FonteSezione string

// FontiSezione are the sources of a section.
var FontiSezione = []FonteSezione{"COLLOQUIO", "VISITA_DOMICILIARE", "DOCUMENTI", "INPS", "ALTRI_SERVIZI", "ALTRO"}

const (
	massimoPunteggio = 3 // no need, slight, marked, severe
	massimoVoci      = 100
)

var formaVoce = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,49}$`)

// Refusals of a section.
var (
	ErrSezione          = domain.Refuse(domain.Unprocessable, "sezione.non_valida", "the section is one of CONDIZIONI_FUNZIONAMENTI, SITUAZIONE_ECONOMICA, SITUAZIONE_LAVORATIVA, EDUCAZIONE_FORMAZIONE, CONDIZIONE_ABITATIVA, RETI; an AP has ANAGRAFICA_NUCLEO, SERVIZI_GIA_ATTIVI and SINTESI_ESITO too")
	ErrPunteggio        = domain.Refuse(domain.Unprocessable, "sezione.punteggio_non_valido", "the score goes from 0, no need, to 3, severe; leave it out when there is none")
	ErrFonteSezione     = domain.Refuse(domain.Unprocessable, "sezione.fonte_non_valida", "the source is COLLOQUIO, VISITA_DOMICILIARE, DOCUMENTI, INPS, ALTRI_SERVIZI or ALTRO")
	ErrVoci             = domain.Refuse(domain.Unprocessable, "sezione.voci_non_valide", "a section has at most 100 answers, each with a code of its own in capitals, digits and _, and a value")
	ErrSezioneVuota     = domain.Refuse(domain.Unprocessable, "sezione.vuota", "the section says nothing: give a text, an answer or a score")
	ErrSezioneRevisione = domain.Refuse(domain.Stale, "sezione.revisione_superata", "the section was saved since you read it: read it again and give its revision")
)

func (z Sezione) controlla(ammesse []CodiceSezione, n Nucleo) error {
	switch {
	case !slices.Contains(ammesse, z.Sezione):
		return ErrSezione.At("sezione")
	case !z.Componente.IsZero() && !n.contiene(z.Componente):
		return ErrFuoriNucleo.At("componente_id")
	case z.Punteggio != nil && (*z.Punteggio < 0 || *z.Punteggio > massimoPunteggio):
		return ErrPunteggio.At("punteggio")
	case prolisso(z.Contenuto.Testo):
		return ErrTestoTroppoLungo.At("testo")
	case !slices.Contains(FontiSezione, z.Contenuto.Fonte):
		return ErrFonteSezione.At("fonte")
	case len(z.Contenuto.Voci) > massimoVoci:
		return ErrVoci.At("voci")
	case vuoto(z.Contenuto.Testo) && len(z.Contenuto.Voci) == 0 && z.Punteggio == nil:
		return ErrSezioneVuota.At("contenuto")
	}
	return controllaVoci(z.Contenuto.Voci)
}

func controllaVoci(voci []Voce) error {
	lunghezza := 0
	for i, v := range voci {
		lunghezza += utf8.RuneCountInString(v.Valore)
		doppia := slices.ContainsFunc(voci[:i], func(w Voce) bool { return w.Codice == v.Codice })
		if !formaVoce.MatchString(v.Codice) || vuoto(v.Valore) || doppia {
			return ErrVoci.At("voci")
		}
	}
	if lunghezza > massimoTesto {
		return ErrTestoTroppoLungo.At("voci")
	}
	return nil
}

// nuova is the section as it follows on those saved: with its own revision;
// nothing when it was saved so before; a refusal when it was written on an
// older revision than the last.
func (z Sezione) nuova(salvate []Sezione) (Sezione, bool, error) {
	z.Contenuto.Voci = elenco(z.Contenuto.Voci)
	prima := 0
	if i := indice(salvate, z); i >= 0 {
		prima = salvate[i].Revisione
		if z.stessa(salvate[i]) {
			return z, false, nil
		}
	}
	if z.Revisione != prima {
		return z, false, ErrSezioneRevisione.At("revisione")
	}
	z.Revisione++
	return z, true, nil
}

func (z Sezione) stessa(w Sezione) bool {
	z.Revisione = w.Revisione
	return reflect.DeepEqual(z, w)
}

func indice(sezioni []Sezione, z Sezione) int {
	return slices.IndexFunc(sezioni, func(w Sezione) bool { return w.Sezione == z.Sezione && w.Componente == z.Componente })
}

// salva puts a section in the place of its former revision.
func salva(sezioni []Sezione, z Sezione) []Sezione {
	sezioni = slices.Clone(sezioni)
	if i := indice(sezioni, z); i >= 0 {
		sezioni[i] = z
		return sezioni
	}
	return append(sezioni, z)
}
