package caso

import "nucleo/domain"

// Esito is the outcome of an AP.
type Esito string

// The outcomes.
const (
	EsitoA Esito = "A" // need of work alone: the job centre
	EsitoB Esito = "B" // no complex need: a PaIS by the social service alone
	EsitoC Esito = "C" // complex need: a QA by a team, then a PaIS
	EsitoD Esito = "D" // need of specialist services
)

// lineeGuida are guidelines by which the outcomes of a measure are read.
type lineeGuida struct {
	misura   Misura
	versione string
	stati    map[Esito]Stato
}

// percorsi say where each outcome leads, by measure and version of the
// guidelines; the last of a measure are in force. Versions stay for ever: an
// AP may be finalised by those it was begun under (ambiguity 9.22).
var percorsi = []lineeGuida{
	{RDC, "2019", map[Esito]Stato{EsitoA: InviatoCPI, EsitoB: InDefinizione, EsitoC: InValutazioneQA, EsitoD: InviatoServizi}},
	{PDC, "2019", map[Esito]Stato{EsitoA: InviatoCPI, EsitoB: InDefinizione, EsitoC: InValutazioneQA, EsitoD: InviatoServizi}},
	{ADI, "2024", map[Esito]Stato{EsitoA: InviatoCPI, EsitoB: InDefinizione, EsitoC: InValutazioneQA, EsitoD: InviatoServizi}},
}

// Refusals of an outcome.
var (
	ErrEsito      = domain.Refuse(domain.Unprocessable, "ap.esito_non_valido", "the outcome is A, B, C or D")
	ErrLineeGuida = domain.Refuse(domain.Unprocessable, "ap.linee_guida_sconosciute", "no such guidelines are known for the measure: leave linee_guida out for those in force")
)

// leggi says which guidelines read an outcome, and the state it leads to. No
// version means the guidelines in force.
func (e Esito) leggi(misura Misura, versione string) (string, Stato, error) {
	for i := len(percorsi) - 1; i >= 0; i-- {
		p := percorsi[i]
		if p.misura != misura || versione != "" && versione != p.versione {
			continue
		}
		stato, noto := p.stati[e]
		if !noto {
			return "", "", ErrEsito.At("esito")
		}
		return p.versione, stato, nil
	}
	return "", "", ErrLineeGuida.At("linee_guida")
}
