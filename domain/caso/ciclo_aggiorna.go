package caso

import (
	"reflect"
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// AggiornaNucleo tells who joined the nucleo, who left, and whose data
// changed. People are named by codice fiscale, as INPS knows them.
type AggiornaNucleo struct {
	Aggiunti       []Componente // without ids
	Rimossi        []Uscita
	Modificati     []Componente // without ids
	DataDecorrenza giorno.Giorno
	Fonte          Fonte
	Oggi           giorno.Giorno
}

// Uscita is a person who leaves, and why.
type Uscita struct {
	CodiceFiscale string `personale:"codice_fiscale"`
	Motivo        string `personale:"dato"`
}

// Refusals of a change of the nucleo.
var (
	ErrComponenteSconosciuto = domain.Refuse(domain.Unprocessable, "componente.sconosciuto", "no such person is in the nucleo: check the codice fiscale, or send the person as aggiunti")
	ErrComponentePresente    = domain.Refuse(domain.Refused, "componente.gia_presente", "the person is in the nucleo with other data: send them as modificati")
	ErrMotivoUscita          = domain.Refuse(domain.Unprocessable, "componente.motivo_non_valido", "the reason for leaving is not one of the list: DECESSO, USCITA_NUCLEO, NUOVO_NUCLEO, TRASFERIMENTO_ESTERO, RETTIFICA or ALTRO")
	ErrNucleoVuoto           = domain.Refuse(domain.Refused, "nucleo.vuoto", "the last person of a nucleo is not removed: the case is closed instead")
	ErrFonte                 = domain.Refuse(domain.Unprocessable, "nucleo.fonte_non_valida", "the source of a change is INPS or COMUNE")
)

// Decide answers AggiornaNucleo.
func (c AggiornaNucleo) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	if c.DataDecorrenza.IsZero() || c.DataDecorrenza > c.Oggi {
		return nil, ErrData.At("data_decorrenza")
	}
	if c.Fonte != FonteINPS && c.Fonte != FonteComune {
		return nil, ErrFonte.At("fonte")
	}
	if c.ripetuto() {
		return nil, ErrComponenteDoppio.At("codice_fiscale")
	}
	e := ComposizioneNucleoAggiornata{DataDecorrenza: c.DataDecorrenza, Fonte: c.Fonte}
	var err error
	if e.Rimossi, err = c.rimossi(s.Nucleo); err != nil {
		return nil, err
	}
	if e.Modificati, err = c.modificati(s.Nucleo); err != nil {
		return nil, err
	}
	if e.Aggiunti, err = c.aggiunti(s); err != nil {
		return nil, err
	}
	if len(e.Aggiunti)+len(e.Rimossi)+len(e.Modificati) == 0 {
		return nil, nil
	}
	if err := s.Nucleo.aggiorna(e).regge(s.Nucleo); err != nil {
		return nil, err
	}
	return append([]Event{e}, s.chiude(e)...), nil
}

// ripetuto reports whether the change names a person twice: what it means
// would then depend on the order in which it is read.
func (c AggiornaNucleo) ripetuto() bool {
	visti := map[string]bool{}
	for _, p := range slices.Concat(c.Aggiunti, c.Modificati) {
		if visti[p.CodiceFiscale] {
			return true
		}
		visti[p.CodiceFiscale] = true
	}
	for _, u := range c.Rimossi {
		if visti[u.CodiceFiscale] {
			return true
		}
		visti[u.CodiceFiscale] = true
	}
	return false
}

// regge refuses what a nucleo would be after a change of what it was. The
// richiedente may leave, and another person of the nucleo take the place.
func (n Nucleo) regge(prima Nucleo) error {
	richiedenti, declassato := 0, false
	for _, c := range n.Componenti {
		if c.Relazione == Richiedente {
			richiedenti++
		}
		declassato = declassato || slices.ContainsFunc(prima.Componenti, func(p Componente) bool { return p.ID == c.ID && p.Relazione == Richiedente })
	}
	switch {
	case len(n.Componenti) == 0:
		return ErrNucleoVuoto.At("rimossi")
	case len(n.Componenti) > maxComponenti:
		return ErrTroppiComponenti.At("aggiunti")
	case richiedenti > 1, richiedenti == 0 && declassato:
		return ErrSenzaRichiedente.At("modificati")
	}
	return nil
}

func (c AggiornaNucleo) rimossi(n Nucleo) (rimossi []Rimosso, err error) {
	for _, u := range c.Rimossi {
		if !slices.Contains(MotiviUscita, u.Motivo) {
			return nil, ErrMotivoUscita.At("motivo")
		}
		if p, dentro := trova(n.Componenti, u.CodiceFiscale); dentro {
			rimossi = append(rimossi, Rimosso{p.ID, u.Motivo})
		} else if _, uscito := trova(n.Usciti, u.CodiceFiscale); !uscito {
			return nil, ErrComponenteSconosciuto.At("rimossi")
		}
	}
	return rimossi, nil
}

func (c AggiornaNucleo) modificati(n Nucleo) (modificati []Componente, err error) {
	for _, m := range c.Modificati {
		if err := m.controlla(c.Oggi); err != nil {
			return nil, err
		}
		p, dentro := trova(n.Componenti, m.CodiceFiscale)
		if !dentro {
			return nil, ErrComponenteSconosciuto.At("modificati")
		}
		m.ID = p.ID
		if !reflect.DeepEqual(m, p) {
			modificati = append(modificati, m)
		}
	}
	return modificati, nil
}

func (c AggiornaNucleo) aggiunti(s State) (aggiunti []Componente, err error) {
	n := len(s.Nucleo.Componenti) + len(s.Nucleo.Usciti)
	for _, a := range c.Aggiunti {
		if err := a.controlla(c.Oggi); err != nil {
			return nil, err
		}
		if p, dentro := trova(s.Nucleo.Componenti, a.CodiceFiscale); dentro {
			if a.ID = p.ID; !reflect.DeepEqual(a, p) {
				return nil, ErrComponentePresente.At("aggiunti")
			}
			continue
		}
		if a.Relazione == Richiedente {
			return nil, ErrSenzaRichiedente.At("aggiunti")
		}
		a.ID = componenteDi(s.Domanda.IDDomanda, n+len(aggiunti))
		aggiunti = append(aggiunti, a)
	}
	return aggiunti, nil
}

func trova(componenti []Componente, codiceFiscale string) (Componente, bool) {
	i := slices.IndexFunc(componenti, func(c Componente) bool { return c.CodiceFiscale == codiceFiscale })
	if i < 0 {
		return Componente{}, false
	}
	return componenti[i], true
}
