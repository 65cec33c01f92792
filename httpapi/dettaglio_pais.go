package httpapi

import (
	"slices"

	"github.com/google/uuid"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// vistaPaIS is the PaIS with all its versions.
type vistaPaIS struct {
	Versione      int             `json:"versione"`                 // in force; 0 before the first signature
	InDefinizione int             `json:"in_definizione,omitempty"` // the version that is being defined
	Vigente       *vistaVersione  `json:"vigente,omitempty"`
	Bozza         *vistaBozza     `json:"bozza,omitempty"`
	Precedenti    []vistaVersione `json:"precedenti"` // as they were when another replaced them, the oldest first
	NonFirmati    []vistaNonFirma `json:"mancate_sottoscrizioni"`
	Conclusione   *vistaConcluso  `json:"conclusione,omitempty"`
}

// vistaVersione is a version that was signed.
type vistaVersione struct {
	Versione      int                `json:"versione"`
	Data          giorno.Giorno      `json:"data"`
	Firmatari     []id.Componente    `json:"firmatari"`
	Modalita      caso.ModalitaFirma `json:"modalita"`
	HashDocumento string             `json:"hash_documento"`
	vistaPatto
}

// vistaBozza is what is being defined.
type vistaBozza struct {
	vistaPatto
	DaConfermare []uuid.UUID `json:"da_confermare"` // ids of what does not count until it is confirmed
}

// vistaPatto is what a PaIS says.
type vistaPatto struct {
	Obiettivi []caso.Obiettivo `json:"obiettivi"`
	Impegni   []caso.Impegno   `json:"impegni"`
	Sostegni  []caso.Sostegno  `json:"sostegni"`
}

type vistaNonFirma struct {
	Versione    int           `json:"versione"`
	Componente  id.Componente `json:"componente_id"`
	Motivazione string        `json:"motivazione"`
	Data        giorno.Giorno `json:"data"`
}

type vistaConcluso struct {
	Esito caso.EsitoPaIS `json:"esito"`
	Data  giorno.Giorno  `json:"data"`
}

// vistaSostegno is a sostegno, as it was last defined, and how far it came.
type vistaSostegno struct {
	caso.Sostegno
	Stato        caso.StatoSostegno `json:"stato"`
	StatoDal     giorno.Giorno      `json:"stato_dal,omitzero"`
	Nota         string             `json:"nota,omitempty"`
	InVigore     bool               `json:"in_vigore"` // part of the PaIS in force
	DaConfermare bool               `json:"da_confermare"`
}

func mostraPatto(p caso.Patto) vistaPatto {
	return vistaPatto{nonNil(p.Obiettivi), nonNil(p.Impegni), nonNil(p.Sostegni)}
}

// mostraVersione shows the version that is in force.
func mostraVersione(p caso.PaIS) vistaVersione {
	f := p.Firma
	return vistaVersione{f.Versione, f.Data, nonNil(f.Firmatari), f.Modalita, f.HashDocumento, mostraPatto(p.Vigente)}
}

func (v sguardo) pais() vistaPaIS {
	p := v.stato.PaIS
	out := vistaPaIS{
		Versione: p.Versione, InDefinizione: v.stato.InDefinizione(), Precedenti: nonNil(v.ricordi.versioni),
		NonFirmati: ogni(p.Mancate, func(m caso.PaISNonSottoscritto) vistaNonFirma { return vistaNonFirma(m) }),
	}
	if p.Versione > 0 {
		vigente := mostraVersione(p)
		out.Vigente = &vigente
	}
	if out.InDefinizione > 0 || len(p.Bozza.Obiettivi)+len(p.Bozza.Impegni)+len(p.Bozza.Sostegni) > 0 {
		out.Bozza = &vistaBozza{mostraPatto(p.Bozza), nonNil(p.Bozza.DaConfermare)}
	}
	if p.Conclusione.Esito != "" {
		out.Conclusione = &vistaConcluso{p.Conclusione.Esito, p.Conclusione.Data}
	}
	return out
}

// sostegni are those of all versions, each as it was last defined.
func (v sguardo) sostegni() []vistaSostegno {
	viste := []vistaSostegno{}
	metti := func(sostegni []caso.Sostegno) {
		for _, s := range sostegni {
			if i := slices.IndexFunc(viste, func(w vistaSostegno) bool { return w.ID == s.ID }); i >= 0 {
				viste[i].Sostegno = s
				continue
			}
			viste = append(viste, vistaSostegno{Sostegno: s, Stato: caso.SostegnoInAttesa})
		}
	}
	for _, versione := range v.ricordi.versioni {
		metti(versione.Sostegni)
	}
	metti(v.stato.PaIS.Vigente.Sostegni)
	metti(v.stato.PaIS.Bozza.Sostegni)
	for i, s := range viste {
		viste[i].InVigore = slices.ContainsFunc(v.stato.PaIS.Vigente.Sostegni, func(w caso.Sostegno) bool { return w.ID == s.ID })
		viste[i].DaConfermare = slices.Contains(v.stato.PaIS.Bozza.DaConfermare, s.ID.UUID)
		for _, a := range v.stato.Sostegni {
			if a.Sostegno == s.ID {
				viste[i].Stato, viste[i].StatoDal, viste[i].Nota = a.Stato, a.Data, a.Nota
			}
		}
	}
	return viste
}
