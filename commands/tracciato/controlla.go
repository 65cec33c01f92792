package tracciato

import (
	"strconv"

	"nucleo/domain/belfiore"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
)

var (
	comuneErrato = &difetto{"comune_sconosciuto", "there is no such comune today: give the Belfiore code of the one where the nucleo lives"}
	senzaMotivo  = &difetto{"variazione_vuota", "name who is added, removed or changed"}
	estranea     = &difetto{"campo_estraneo", "a variazione of this tipo does not have the field: leave it out"}
)

// controlla checks what no field shows by itself, and counts what looks wrong.
func (d *Domanda) controlla(oggi giorno.Giorno, p *problemi) (avvisi int) {
	if d.Comune != "" {
		comuneOggi(d.Comune, oggi, p)
	}
	return incoerenze(d.Componenti)
}

func (v *Variazione) controlla(oggi giorno.Giorno, p *problemi) (avvisi int) {
	if v.DataDecorrenza > oggi {
		p.nota("data_decorrenza", &difetto{caso.ErrData.Code, caso.ErrData.Message})
	}
	nucleo := len(v.Aggiunti) + len(v.Rimossi) + len(v.Modificati)
	serve := func(campo, valore string) {
		if valore == "" && !p.gia(campo) {
			p.nota(campo, mancante)
		}
	}
	altrui := func(campo string, presente bool) {
		if presente {
			p.nota(campo, estranea)
		}
	}
	switch v.Tipo {
	case VariazioneNucleo:
		serve("fonte", v.Fonte)
		if nucleo == 0 && len(p.errori) == 0 {
			p.nota("", senzaMotivo)
		}
		altrui("ambito", v.Ambito != "")
		altrui("comune", v.Comune != "")
		altrui("via", v.Via != "")
		altrui("civico", v.Civico != "")
		altrui("cap", v.CAP != "")
	case Trasferimento:
		serve("comune", v.Comune)
		serve("via", v.Via)
		serve("cap", v.CAP)
		altrui("fonte", v.Fonte != "")
		altrui("aggiunti", len(v.Aggiunti) > 0)
		altrui("rimossi", len(v.Rimossi) > 0)
		altrui("modificati", len(v.Modificati) > 0)
	}
	if v.Comune != "" {
		comuneOggi(v.Comune, oggi, p)
	}
	v.doppioni(p)
	return incoerenze(v.Aggiunti) + incoerenze(v.Modificati)
}

// doppioni notes people that a variazione names twice.
func (v *Variazione) doppioni(p *problemi) {
	visti := map[string]bool{}
	nota := func(lista string, i int, codice string) {
		if codice != "" && visti[codice] {
			p.nota(lista+"["+strconv.Itoa(i)+"].codice_fiscale", &difetto{caso.ErrComponenteDoppio.Code, caso.ErrComponenteDoppio.Message})
		}
		visti[codice] = true
	}
	for i, c := range v.Aggiunti {
		nota("aggiunti", i, c.CodiceFiscale)
	}
	for i, u := range v.Rimossi {
		nota("rimossi", i, u.CodiceFiscale)
	}
	for i, c := range v.Modificati {
		nota("modificati", i, c.CodiceFiscale)
	}
}

func comuneOggi(codice string, oggi giorno.Giorno, p *problemi) {
	if l, noto := belfiore.Cerca(codice); !noto || l.Estero || !l.ValidoIl(oggi.Time()) {
		p.nota("comune", comuneErrato)
	}
}

// incoerenze counts the fields that contradict the codice fiscale, and the
// birthplaces that did not exist then. Both are accepted: registries hold old
// mistakes, and only the tax agency is authoritative.
func incoerenze(componenti []Componente) (n int) {
	for _, c := range componenti {
		if l, noto := belfiore.Cerca(c.ComuneNascita); !noto || !l.Estero && !l.ValidoIl(c.DataNascita.Time()) {
			n++
		}
		dati := codicefiscale.Dati{Cognome: c.Cognome, Nome: c.Nome, Sesso: c.Sesso, Luogo: c.ComuneNascita}
		if !c.DataNascita.IsZero() {
			t := c.DataNascita.Time()
			dati.Anno, dati.Mese, dati.Giorno = t.Year(), int(t.Month()), t.Day()
		}
		n += len(codicefiscale.Codice(c.CodiceFiscale).Divergenze(dati))
	}
	return n
}
