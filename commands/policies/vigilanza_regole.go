package policies

import (
	"context"
	"time"

	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// inUnOra looks at an hour: reads, lists, refusals, protected cases.
func (v Vigilanza) inUnOra(ctx context.Context, n int64) error {
	dal := alleOre(n)
	prima := dal.Add(time.Hour)
	misure, err := v.Sguardi.Misure(ctx, dal, prima, id.Operatore{})
	if err != nil {
		return err
	}
	for _, m := range misure {
		for _, r := range []allarme.Regola{allarme.Letture, allarme.Elenchi, allarme.Dinieghi} {
			n, casi := m.Di(r)
			if err := v.solleva(ctx, r, m, dal, prima, n, casi); err != nil {
				return err
			}
		}
		if err := v.protetti(ctx, m, dal, prima); err != nil {
			return err
		}
	}
	return nil
}

// protetti looks for protected cases that were opened, or asked for in vain, by
// somebody who is not their case manager. What who belongs to no ambito was
// refused stays out of it: their alerts are for no privacy desk.
func (v Vigilanza) protetti(ctx context.Context, m allarme.Misura, dal, prima time.Time) error {
	estranei := m.Estranei()
	if v.Soglie[allarme.Protetti] == 0 || len(estranei) == 0 || m.Ambito == accesso.Nazionale {
		return nil
	}
	casi, err := v.Sguardi.Protetti(ctx, estranei, dal, prima)
	if err != nil {
		return err
	}
	return v.solleva(ctx, allarme.Protetti, m, dal, prima, len(casi), casi)
}

// inUnGiorno looks at a day: kin, hours, searches.
func (v Vigilanza) inUnGiorno(ctx context.Context, n int64) error {
	g := giorno.Giorno(n)
	dal, prima := v.alba(g), v.alba(g+1)
	misure, err := v.Sguardi.Misure(ctx, dal, prima, id.Operatore{})
	if err != nil {
		return err
	}
	if err := v.parenti(ctx, misure, dal, prima); err != nil {
		return err
	}
	if err := v.ricerche(ctx, misure, dal, prima); err != nil {
		return err
	}
	return v.fuoriOrario(ctx, g)
}

// parenti looks for operators who opened cases of people who may be kin.
func (v Vigilanza) parenti(ctx context.Context, misure []allarme.Misura, dal, prima time.Time) error {
	if v.Soglie[allarme.Parentela] == 0 {
		return nil
	}
	for _, m := range misure {
		if len(m.Aperti) == 0 {
			continue
		}
		operatori, nuclei, err := v.Sguardi.Persone(ctx, []id.Operatore{m.Operatore}, m.Aperti)
		if err != nil {
			return err
		}
		var casi []id.Caso
		for _, c := range m.Aperti {
			if operatori[m.Operatore].Parente(nuclei[c]) {
				casi = append(casi, c)
			}
		}
		if err := v.solleva(ctx, allarme.Parentela, m, dal, prima, len(casi), casi); err != nil {
			return err
		}
	}
	return nil
}

// ricerche looks for operators who searched for persons, and opened no case and
// assigned none.
func (v Vigilanza) ricerche(ctx context.Context, misure []allarme.Misura, dal, prima time.Time) error {
	for _, m := range misure {
		n, _ := m.Di(allarme.Ricerche)
		if _, si, err := v.Soglie.Supera(allarme.Ricerche, n, nil); err != nil || !si {
			continue
		}
		if assegnato, err := v.Sguardi.HaAssegnato(ctx, m.Operatore, dal, prima); err != nil || assegnato {
			if err != nil {
				return err
			}
			continue
		}
		if err := v.solleva(ctx, allarme.Ricerche, m, dal, prima, n, nil); err != nil {
			return err
		}
	}
	return nil
}

// fuoriOrario looks at the hours of a day in which nobody is at work.
func (v Vigilanza) fuoriOrario(ctx context.Context, g giorno.Giorno) error {
	type chi struct {
		ambito    string
		operatore id.Operatore
	}
	tutti, ordine := map[chi]allarme.Misura{}, []chi{}
	for _, tratto := range v.chiuso(g) {
		misure, err := v.Sguardi.Misure(ctx, tratto[0], tratto[1], id.Operatore{})
		if err != nil {
			return err
		}
		for _, m := range misure {
			k := chi{m.Ambito, m.Operatore}
			if _, visto := tutti[k]; !visto {
				ordine = append(ordine, k)
			}
			tutti[k] = tutti[k].Piu(m)
		}
	}
	for _, k := range ordine {
		n, casi := tutti[k].Di(allarme.FuoriOrario)
		if err := v.solleva(ctx, allarme.FuoriOrario, tutti[k], v.alba(g), v.alba(g+1), n, casi); err != nil {
			return err
		}
	}
	return nil
}

// dopoLePerdite looks at who lost a case on a day, from then to the end of the
// day after.
func (v Vigilanza) dopoLePerdite(ctx context.Context, n int64) error {
	g := giorno.Giorno(n)
	perdite, err := v.Sguardi.Perdite(ctx, v.alba(g), v.alba(g+1))
	if err != nil {
		return err
	}
	for o, dal := range perdite {
		prima := v.alba(g + 2)
		misure, err := v.Sguardi.Misure(ctx, dal, prima, o)
		if err != nil {
			return err
		}
		for _, m := range misure {
			n, casi := m.Di(allarme.Riassegnazione)
			if err := v.solleva(ctx, allarme.Riassegnazione, m, dal, prima, n, casi); err != nil {
				return err
			}
		}
	}
	return nil
}

// senzaLavoro looks at the cases that case managers opened on a day and did
// nothing to, from a week before to a week after.
func (v Vigilanza) senzaLavoro(ctx context.Context, n int64) error {
	g := giorno.Giorno(n)
	dal, prima := v.alba(g), v.alba(g+1)
	misure, err := v.Sguardi.Misure(ctx, dal, prima, id.Operatore{})
	if err != nil {
		return err
	}
	for _, m := range misure {
		if _, si, _ := v.Soglie.Supera(allarme.SenzaLavoro, len(m.Propri), nil); !si {
			continue
		}
		var casi []id.Caso
		for _, c := range m.Propri {
			si, err := v.Comandi.HaLavorato(ctx, c, m.Operatore, v.alba(g-settimana), v.alba(g+1+settimana))
			if err != nil {
				return err
			}
			if !si {
				casi = append(casi, c)
			}
		}
		if err := v.solleva(ctx, allarme.SenzaLavoro, m, dal, prima, len(casi), casi); err != nil {
			return err
		}
	}
	return nil
}
