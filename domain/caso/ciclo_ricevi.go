package caso

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RiceviDomanda opens the case of a domanda. Receiving it again changes
// nothing; receiving it with other content is refused and reported, for what
// INPS said first is not overwritten.
type RiceviDomanda struct {
	Domanda DomandaRicevuta // without the ids of its componenti
	Oggi    giorno.Giorno   // no date of the domanda may lie after it
}

// Refusals of a domanda.
var (
	ErrDomandaDifforme  = domain.Refuse(domain.Refused, "caso.domanda_difforme", "the domanda was received before with other content: send what changed as variazioni")
	ErrIDDomanda        = domain.Refuse(domain.Unprocessable, "domanda.id_non_valido", "the id of a domanda is INPS-RDC-AAAA-N or INPS-ADI-AAAA-N")
	ErrMisura           = domain.Refuse(domain.Unprocessable, "domanda.misura_non_valida", "the measure is RDC, PDC (both with ids INPS-RDC-…) or ADI (INPS-ADI-…)")
	ErrData             = domain.Refuse(domain.Unprocessable, "domanda.data_non_valida", "the date is missing, in the future, or before one that it must follow")
	ErrSenzaRichiedente = domain.Refuse(domain.Unprocessable, "domanda.richiedente_non_unico", "exactly one componente is the RICHIEDENTE: give the others their relation to that person")
	ErrTroppiComponenti = domain.Refuse(domain.Unprocessable, "domanda.troppi_componenti", "a nucleo has at most 40 componenti: check that the people are of one nucleo")
	ErrRelazione        = domain.Refuse(domain.Unprocessable, "componente.relazione_non_valida", "the relation is not one of the list: RICHIEDENTE, CONIUGE, CONVIVENTE, FIGLIO, GENITORE, FRATELLO_SORELLA, NIPOTE, ALTRO_PARENTE or ALTRO")
	ErrComponenteDoppio = domain.Refuse(domain.Unprocessable, "componente.ripetuto", "the same codice fiscale stands twice: name each person once")
	ErrDatiComponente   = domain.Refuse(domain.Unprocessable, "componente.dati_mancanti", "codice fiscale, surname, name and sex (M or F) are needed: fill in the field")
	ErrImporto          = domain.Refuse(domain.Unprocessable, "domanda.importo_non_valido", "amounts are euro cents, not below zero")
	ErrComune           = domain.Refuse(domain.Unprocessable, "domanda.comune_mancante", "the comune is missing, or belongs to no ambito: give the Belfiore code of a comune of an ambito")
)

const maxComponenti = 40

var formaIDDomanda = regexp.MustCompile(`^INPS-(RDC|ADI)-20[0-9]{2}-[0-9]{1,9}$`)

// NormalizzaIDDomanda is an id of a domanda as it is kept: upper case, without
// the spaces that scans and copies leave in it. It reports whether it is one.
func NormalizzaIDDomanda(s string) (string, bool) {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	return s, formaIDDomanda.MatchString(s)
}

// Decide answers RiceviDomanda.
func (c RiceviDomanda) Decide(s State) ([]Event, error) {
	d, err := c.completa()
	switch {
	case err != nil:
		return nil, err
	case s.Stato == "":
		return []Event{d}, nil
	case !d.stessa(s.Domanda):
		return nil, ErrDomandaDifforme
	}
	return nil, nil
}

// stessa reports whether two domande say the same. In which order they list
// the people, beyond the richiedente, says nothing.
func (d DomandaRicevuta) stessa(e DomandaRicevuta) bool {
	d.Componenti, e.Componenti = perCodice(d.Componenti), perCodice(e.Componenti)
	return reflect.DeepEqual(d, e)
}

func perCodice(componenti []Componente) []Componente {
	ordinati := slices.SortedFunc(slices.Values(componenti), func(a, b Componente) int { return strings.Compare(a.CodiceFiscale, b.CodiceFiscale) })
	for i := range ordinati {
		ordinati[i].ID = id.Componente{}
	}
	return ordinati
}

// completa checks the domanda and adds what follows from it.
func (c RiceviDomanda) completa() (DomandaRicevuta, error) {
	d := c.Domanda
	var ok bool
	if d.IDDomanda, ok = NormalizzaIDDomanda(d.IDDomanda); !ok {
		return d, ErrIDDomanda.At("id_domanda")
	}
	if adi := strings.HasPrefix(d.IDDomanda, "INPS-ADI-"); d.Misura != ADI && d.Misura != RDC && d.Misura != PDC || adi != (d.Misura == ADI) {
		return d, ErrMisura.At("misura")
	}
	switch {
	case d.ISEE < 0:
		return d, ErrImporto.At("isee")
	case d.ImportoMensile < 0:
		return d, ErrImporto.At("importo_mensile")
	case d.Ambito == "" || d.Comune == "":
		return d, ErrComune.At("comune")
	}
	if campo := c.dataErrata(); campo != "" {
		return d, ErrData.At(campo)
	}
	if err := controllaNucleo(d.Componenti, d.DataPresentazione); err != nil {
		return d, err
	}
	d.Componenti = slices.Clone(d.Componenti)
	slices.SortStableFunc(d.Componenti, func(a, b Componente) int { return primo(a) - primo(b) })
	for i := range d.Componenti {
		p := &d.Componenti[i]
		p.ID = componenteDi(d.IDDomanda, i)
		d.PresenzaMinori = d.PresenzaMinori || p.Minore(d.DataPresentazione)
		d.PresenzaDisabili = d.PresenzaDisabili || p.Disabilita
	}
	return d, nil
}

func primo(c Componente) int {
	if c.Relazione == Richiedente {
		return 0
	}
	return 1
}

func (c RiceviDomanda) dataErrata() string {
	d := c.Domanda
	switch {
	case d.DataPresentazione.IsZero() || d.DataPresentazione > c.Oggi:
		return "data_presentazione"
	case d.DataTrasmissioneComune < d.DataPresentazione || d.DataTrasmissioneComune > c.Oggi:
		return "data_trasmissione_comune"
	case !d.DataRiconoscimento.IsZero() && (d.DataRiconoscimento < d.DataPresentazione || d.DataRiconoscimento > c.Oggi):
		return "data_riconoscimento"
	case d.DataSottoscrizionePAD > c.Oggi:
		return "data_sottoscrizione_pad"
	}
	return ""
}

func controllaNucleo(componenti []Componente, il giorno.Giorno) error {
	if len(componenti) > maxComponenti {
		return ErrTroppiComponenti.At("componenti")
	}
	richiedenti := 0
	for i, p := range componenti {
		if err := p.controlla(il); err != nil {
			return err
		}
		if slices.ContainsFunc(componenti[:i], func(q Componente) bool { return q.CodiceFiscale == p.CodiceFiscale }) {
			return ErrComponenteDoppio.At("codice_fiscale")
		}
		if p.Relazione == Richiedente {
			richiedenti++
		}
	}
	if richiedenti != 1 {
		return ErrSenzaRichiedente.At("relazione_parentale")
	}
	return nil
}

func (c Componente) controlla(il giorno.Giorno) error {
	switch {
	case c.CodiceFiscale == "":
		return ErrDatiComponente.At("codice_fiscale")
	case strings.TrimSpace(c.Cognome) == "":
		return ErrDatiComponente.At("cognome")
	case strings.TrimSpace(c.Nome) == "":
		return ErrDatiComponente.At("nome")
	case c.Sesso != "M" && c.Sesso != "F":
		return ErrDatiComponente.At("sesso")
	case c.DataNascita.IsZero() || c.DataNascita > il:
		return ErrData.At("data_nascita")
	case !slices.Contains(Relazioni, c.Relazione):
		return ErrRelazione.At("relazione_parentale")
	}
	return nil
}
