package caso

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"nucleo/domain"
	"nucleo/domain/giorno"
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
	ErrSenzaRichiedente = domain.Refuse(domain.Unprocessable, "domanda.richiedente_non_unico", "exactly one componente is the RICHIEDENTE")
	ErrTroppiComponenti = domain.Refuse(domain.Unprocessable, "domanda.troppi_componenti", "a nucleo has at most 40 componenti")
	ErrRelazione        = domain.Refuse(domain.Unprocessable, "componente.relazione_non_valida", "the relation is not one of the list")
	ErrComponenteDoppio = domain.Refuse(domain.Unprocessable, "componente.ripetuto", "the same codice fiscale stands twice in the nucleo")
	ErrDatiComponente   = domain.Refuse(domain.Unprocessable, "componente.dati_mancanti", "surname, name, sex (M or F) and date of birth are needed")
	ErrImporto          = domain.Refuse(domain.Unprocessable, "domanda.importo_non_valido", "amounts are euro cents, not below zero")
	formaIDDomanda      = regexp.MustCompile(`^INPS-(RDC|ADI)-20[0-9]{2}-[0-9]{1,9}$`)
	maxComponenti       = 40
)

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
	case !reflect.DeepEqual(d, s.Domanda):
		return nil, ErrDomandaDifforme
	}
	return nil, nil
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
	if d.ISEE < 0 || d.ImportoMensile < 0 {
		return d, ErrImporto.At("isee")
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
	case c.Cognome == "" || c.Nome == "" || c.Sesso != "M" && c.Sesso != "F" || c.CodiceFiscale == "":
		return ErrDatiComponente.At("cognome")
	case c.DataNascita.IsZero() || c.DataNascita > il:
		return ErrData.At("data_nascita")
	case !slices.Contains(Relazioni, c.Relazione):
		return ErrRelazione.At("relazione_parentale")
	}
	return nil
}
