package httpapi

import (
	"fmt"
	"slices"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// vistaDomanda is the domanda as INPS sent it, with the day of the PAD, which
// may have been signed later; who is in the nucleo now stands with the nucleo.
type vistaDomanda struct {
	DataPresentazione      giorno.Giorno `json:"data_presentazione"`
	DataRiconoscimento     giorno.Giorno `json:"data_riconoscimento,omitzero"`
	DataSottoscrizionePAD  giorno.Giorno `json:"data_sottoscrizione_pad,omitzero"`
	DataTrasmissioneComune giorno.Giorno `json:"data_trasmissione_comune"`
	ISEE                   *importo      `json:"isee,omitempty"`
	ImportoMensile         *importo      `json:"importo_mensile,omitempty"`
	PresenzaMinori         bool          `json:"presenza_minori"` // on the day of the domanda, as the next
	PresenzaDisabili       bool          `json:"presenza_disabili"`
	NumeroComponenti       int           `json:"numero_componenti"`
}

type vistaNucleo struct {
	Indirizzo  vistaIndirizzo `json:"indirizzo"`
	Recapiti   caso.Recapiti  `json:"recapiti"`
	Componenti []vistaPersona `json:"componenti"`
	Usciti     []vistaPersona `json:"usciti"`
}

type vistaIndirizzo struct {
	indirizzo
	Comune comune `json:"comune"`
}

// vistaPersona is a person with what follows from who they are, today.
type vistaPersona struct {
	caso.Componente
	ComuneNascita   comune `json:"comune_nascita"`
	Eta             int    `json:"eta"`
	EsclusoPerLegge bool   `json:"escluso_per_legge"`
	Esonerato       bool   `json:"esonerato"`
}

type vistaBeneficio struct {
	Stato        string              `json:"stato"`
	Storia       []vistaVariazione   `json:"storia"` // oldest first
	Decurtazioni []vistaDecurtazione `json:"decurtazioni"`
}

type vistaVariazione struct {
	Stato string `json:"stato"`
	caso.Variazione
}

type vistaDecurtazione struct {
	Mensilita    int             `json:"mensilita"`
	Segnalazione id.Segnalazione `json:"segnalazione_id,omitzero"`
	Dal          giorno.Giorno   `json:"dal"`
}

type vistaEsoneri struct {
	Attivi   []vistaEsonero `json:"attivi"` // not revoked
	Revocati []vistaRevoca  `json:"revocati"`
}

type vistaEsonero struct {
	caso.Esonero
	ValeOggi bool `json:"vale_oggi"`
}

type vistaRevoca struct {
	Componente  id.Componente        `json:"componente_id"`
	Dal         giorno.Giorno        `json:"dal"`
	Motivazione string               `json:"motivazione,omitempty"`
	Causa       caso.MotivoRimozione `json:"causa,omitempty"`
}

// euro writes cents; none is not known.
func euro(cent int) *importo {
	if cent == 0 {
		return nil
	}
	return &importo{fmt.Sprintf("%d.%02d", cent/100, cent%100), "EUR"}
}

func (v sguardo) domanda() vistaDomanda {
	d := v.stato.Domanda
	return vistaDomanda{
		DataPresentazione: d.DataPresentazione, DataRiconoscimento: d.DataRiconoscimento, DataSottoscrizionePAD: v.stato.PAD,
		DataTrasmissioneComune: d.DataTrasmissioneComune, ISEE: euro(d.ISEE), ImportoMensile: euro(d.ImportoMensile),
		PresenzaMinori: d.PresenzaMinori, PresenzaDisabili: d.PresenzaDisabili, NumeroComponenti: len(d.Componenti),
	}
}

func (v sguardo) nucleo() vistaNucleo {
	n := v.stato.Nucleo
	return vistaNucleo{
		Indirizzo:  vistaIndirizzo{indirizzo{n.Indirizzo.Via, n.Indirizzo.Civico, n.Indirizzo.CAP}, comuneDi(n.Indirizzo.Comune)},
		Recapiti:   v.stato.Recapiti,
		Componenti: ogni(n.Componenti, v.persona),
		Usciti:     ogni(n.Usciti, v.persona),
	}
}

func (v sguardo) persona(p caso.Componente) vistaPersona {
	out := vistaPersona{
		Componente: p, ComuneNascita: comuneDi(p.ComuneNascita),
		EsclusoPerLegge: v.vera(p).EsclusoPerLegge(v.stato.Domanda.Misura, v.oggi),
		Esonerato:       slices.ContainsFunc(v.vero.Esoneri.Il(v.oggi), func(e caso.Esonero) bool { return e.Componente == p.ID }),
	}
	if !p.DataNascita.IsZero() {
		out.Eta = p.DataNascita.Anni(v.oggi)
	}
	return out
}

// vera is a person that is shown, as they are.
func (v sguardo) vera(p caso.Componente) caso.Componente {
	for _, q := range slices.Concat(v.vero.Nucleo.Componenti, v.vero.Nucleo.Usciti) {
		if q.ID == p.ID {
			return q
		}
	}
	return p
}

func nomeBeneficio(s caso.StatoBeneficio) string {
	if s == caso.InEssere {
		return "IN_ESSERE"
	}
	return string(s)
}

func mostraBeneficio(b caso.Beneficio) vistaBeneficio {
	return vistaBeneficio{
		Stato: nomeBeneficio(b.Stato),
		Storia: ogni(b.Storia, func(x caso.VariazioneBeneficio) vistaVariazione {
			return vistaVariazione{nomeBeneficio(x.Stato), x.Variazione}
		}),
		Decurtazioni: ogni(b.Decurtazioni, func(x caso.DecurtazioneComunicata) vistaDecurtazione { return vistaDecurtazione(x) }),
	}
}

func (v sguardo) esoneri() vistaEsoneri {
	oggi := v.vero.Esoneri.Il(v.oggi)
	attivi := []vistaEsonero{}
	for i, e := range v.stato.Esoneri.Attivi {
		attivi = append(attivi, vistaEsonero{e, slices.Contains(oggi, v.vero.Esoneri.Attivi[i])})
	}
	return vistaEsoneri{
		Attivi:   attivi,
		Revocati: ogni(v.stato.Esoneri.Revocati, func(e caso.EsoneroRevocato) vistaRevoca { return vistaRevoca(e) }),
	}
}
