package caso

import (
	"reflect"
	"slices"

	"nucleo/domain"
	"nucleo/domain/calendario"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// ProponiSegnalazione asks the coordinator to tell INPS a fact. The number of
// the occurrence is computed unless the proposer says another.
type ProponiSegnalazione struct {
	Segnalazione id.Segnalazione
	Categoria    Categoria
	Componente   id.Componente // zero: the nucleo
	DataFatto    giorno.Giorno
	Accertamento giorno.Giorno // when the fact was found: the term runs from here
	Dettaglio    string        `personale:"testo"`
	Allegati     []Allegato
	Occorrenza   int             // zero: computed
	Precedente   id.Segnalazione // the one that this follows, which came to nothing
	Operatore    id.Operatore    // who proposes
	Calendario   calendario.Calendario
	Oggi         giorno.Giorno
}

const (
	terminiSottoscrizione = 5  // calendar days to tell INPS of a missed signature
	terminiSegnalazione   = 10 // working days to tell INPS of any other fact
	massimoDettaglio      = 4000
	massimoAllegati       = 20
	massimoOccorrenza     = 99
	massimoNome           = 200 // characters of the name of a document
)

// Refusals of a proposal.
var (
	ErrSegnalazioneID     = domain.Refuse(domain.Unprocessable, "segnalazione.id_mancante", "the segnalazione and who proposes it need ids")
	ErrSegnalazioneDoppia = domain.Refuse(domain.Refused, "segnalazione.id_usato", "another segnalazione of the case has this id: read the case again")
	ErrCategoria          = domain.Refuse(domain.Unprocessable, "segnalazione.categoria_non_valida", "there is no such category of segnalazioni")
	ErrCategoriaNonVale   = domain.Refuse(domain.Unprocessable, "segnalazione.categoria_non_applicabile", "the category does not hold for the measure of the case on the day of the fact: RDC up to 2023-12-31, ADI from 2023-12-18")
	ErrDataFatto          = domain.Refuse(domain.Unprocessable, "segnalazione.data_non_valida", "the day is missing or in the future, or the fact was found before it happened")
	ErrDettaglio          = domain.Refuse(domain.Unprocessable, "segnalazione.dettaglio_non_valido", "say in dettaglio what happened, in 1 to 4,000 characters")
	ErrAllegati           = domain.Refuse(domain.Unprocessable, "segnalazione.allegati_non_validi", "at most 20 documents, each with a name of 1 to 200 characters and its SHA-256")
	ErrOccorrenza         = domain.Refuse(domain.Unprocessable, "segnalazione.occorrenza_non_valida", "an occurrence is counted from 1 to 99: leave it out to have it computed")
	ErrPrecedente         = domain.Refuse(domain.Unprocessable, "segnalazione.precedente_non_valida", "a segnalazione follows one of the same case that was refused, withdrawn, annulled or rectified")
	ErrRichiamoMancante   = domain.Refuse(domain.Refused, "segnalazione.richiamo_mancante", "impegni are reported only after a formal warning: record a formal communication RICHIAMO_FORMALE first")
	ErrSegnalaComponente  = domain.Refuse(domain.Unprocessable, "segnalazione.componente_sconosciuto", "no such person is or was in the nucleo")
)

// Decide answers ProponiSegnalazione.
func (c ProponiSegnalazione) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	if err := c.controlla(s); err != nil {
		return nil, err
	}
	e := c.evento(s)
	if prima, nota := s.Segnalazioni.Trova(c.Segnalazione); nota {
		if c.Occorrenza == 0 {
			e.Occorrenza = prima.Proposta.Occorrenza
		}
		e.Scadenza = prima.Proposta.Scadenza
		if !reflect.DeepEqual(e, prima.Proposta) {
			return nil, ErrSegnalazioneDoppia.At("segnalazione_id")
		}
		return nil, nil
	}
	switch {
	case s.fermo():
		return nil, ErrNonAperto
	case c.Categoria == RDCMancatoRispettoImpegni && !s.Comunicazioni.richiamato():
		return nil, ErrRichiamoMancante.At("categoria")
	}
	return s.fermando(c.Oggi, e), nil
}

func (c ProponiSegnalazione) controlla(s State) error {
	switch {
	case c.Segnalazione.IsZero():
		return ErrSegnalazioneID.At("segnalazione_id")
	case c.Operatore.IsZero():
		return ErrSegnalazioneID.At("proposta_da")
	case !c.Categoria.Nota():
		return ErrCategoria.At("categoria")
	case c.DataFatto.IsZero() || c.DataFatto > c.Oggi:
		return ErrDataFatto.At("data_fatto")
	case c.Accertamento < c.DataFatto || c.Accertamento > c.Oggi:
		return ErrDataFatto.At("data_accertamento")
	case !c.Categoria.Vale(s.Domanda.Misura, c.DataFatto):
		return ErrCategoriaNonVale.At("categoria")
	case !c.Componente.IsZero() && !s.Nucleo.ricorda(c.Componente):
		return ErrSegnalaComponente.At("componente_id")
	case !testoEntro(c.Dettaglio, 1, massimoDettaglio):
		return ErrDettaglio.At("dettaglio")
	case len(c.Allegati) > massimoAllegati || slices.ContainsFunc(c.Allegati, Allegato.monco):
		return ErrAllegati.At("allegati")
	case c.Occorrenza < 0 || c.Occorrenza > massimoOccorrenza:
		return ErrOccorrenza.At("numero_occorrenza")
	}
	if prima, nota := s.Segnalazioni.Trova(c.Precedente); !c.Precedente.IsZero() && (!nota || !prima.Stato.Finale()) {
		return ErrPrecedente.At("precedente_id")
	}
	return nil
}

func (a Allegato) monco() bool {
	return a.Impronta == (domain.Digest{}) || !testoEntro(a.Nome, 1, massimoNome)
}

func (c ProponiSegnalazione) evento(s State) SegnalazioneProposta {
	e := SegnalazioneProposta{
		Segnalazione: c.Segnalazione, Categoria: c.Categoria, Componente: c.Componente, DataFatto: c.DataFatto, Accertamento: c.Accertamento,
		Dettaglio: c.Dettaglio, Scadenza: c.Calendario.Dopo(c.Accertamento, terminiSegnalazione), Occorrenza: c.Occorrenza,
		Precedente: c.Precedente, PropostaDa: c.Operatore,
	}
	if len(c.Allegati) > 0 {
		e.Allegati = slices.Clone(c.Allegati)
	}
	if c.Categoria.MancataSottoscrizione() {
		e.Scadenza = c.Accertamento + terminiSottoscrizione
	}
	if e.Occorrenza == 0 {
		e.Occorrenza = s.Segnalazioni.Occorrenza(c.Categoria, c.Componente)
	}
	return e
}

// fermo reports whether nothing more is sent, met or proposed on the case.
func (c Ciclo) fermo() bool { return c.Stato == Chiuso || c.Stato == Decaduto }

// ricorda reports whether a person is or was in the nucleo.
func (n Nucleo) ricorda(i id.Componente) bool {
	stesso := func(c Componente) bool { return c.ID == i }
	return slices.ContainsFunc(n.Componenti, stesso) || slices.ContainsFunc(n.Usciti, stesso)
}
