package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain/allarme"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/conservazione"
	"nucleo/domain/id"
	"nucleo/projections"
	"nucleo/projections/accessi"
	"nucleo/projections/cronologia"
	"nucleo/projections/nuclei"
	"nucleo/projections/operatori"
	"nucleo/projections/protezioni"
)

// sguardi answers the policy of the alerts.
type sguardi struct {
	*impianto
	motore *projections.Engine
	pepe   codicefiscale.Pepe
}

// AttendiTutto implements policies.Sguardi.
func (s sguardi) AttendiTutto(ctx context.Context) error {
	fine, err := s.archivio.End(ctx)
	if err != nil {
		return err
	}
	return s.motore.Wait(ctx, fine, accessi.Projection, cronologia.Projection, nuclei.Projection, operatori.Projection, protezioni.Projection)
}

// Prossimo implements policies.Sguardi.
func (s sguardi) Prossimo(ctx context.Context, dal time.Time) (time.Time, bool, error) {
	return accessi.Prossimo(ctx, s.lettura, dal)
}

// Misure implements policies.Sguardi.
func (s sguardi) Misure(ctx context.Context, dal, prima time.Time, o id.Operatore) ([]allarme.Misura, error) {
	return accessi.Misure(ctx, s.lettura, dal, prima, o)
}

// Usuale implements policies.Sguardi.
func (s sguardi) Usuale(ctx context.Context, r allarme.Regola, ambito string, o id.Operatore, prima time.Time, sotto int) (int, error) {
	return accessi.Usuale(ctx, s.lettura, r, ambito, o, prima, sotto)
}

// Perdite implements policies.Sguardi.
func (s sguardi) Perdite(ctx context.Context, dal, prima time.Time) (map[id.Operatore]time.Time, error) {
	return cronologia.Perdite(ctx, s.lettura, dal, prima)
}

// HaAssegnato implements policies.Sguardi.
func (s sguardi) HaAssegnato(ctx context.Context, o id.Operatore, dal, prima time.Time) (bool, error) {
	return cronologia.HaAssegnato(ctx, s.lettura, o.UUID, dal, prima)
}

// Protetti implements policies.Sguardi.
func (s sguardi) Protetti(ctx context.Context, quali []id.Caso, dal, prima time.Time) ([]id.Caso, error) {
	return protezioni.Tra(ctx, s.lettura, quali, dal, prima)
}

// Scaduti implements policies.Registri.
func (s sguardi) Scaduti(ctx context.Context, dopo, ultimo string) ([]conservazione.Scaduto, error) {
	return accessi.Scaduti(ctx, s.lettura, dopo, ultimo)
}

// Persone implements policies.Sguardi.
func (s sguardi) Persone(ctx context.Context, chi []id.Operatore, quali []id.Caso) (map[id.Operatore]allarme.Persona, map[id.Caso][]allarme.Persona, error) {
	noti, err := operatori.Chi(ctx, s.lettura, chi...)
	if err != nil {
		return nil, nil, err
	}
	dentro, err := nuclei.Di(ctx, s.lettura, quali...)
	if err != nil {
		return nil, nil, err
	}
	persone, famiglie := map[id.Operatore]allarme.Persona{}, map[id.Caso][]allarme.Persona{}
	for o, i := range noti {
		persone[o] = allarme.Persona{Cognome: i.Cognome, Cieco: s.pepe.Cieco(i.CodiceFiscale)}
	}
	for c, nucleo := range dentro {
		for _, p := range nucleo {
			famiglie[c] = append(famiglie[c], allarme.Persona{Cognome: p.Cognome, Cieco: p.Cieco})
		}
	}
	return persone, famiglie, nil
}

// orario reads the hours of work, 7-20: the first, and the first after them.
func (c config) orario() (apre, chiude int, err error) {
	a, b, _ := strings.Cut(c.Orario, "-")
	apre, errApre := strconv.Atoi(a)
	chiude, errChiude := strconv.Atoi(b)
	if errApre != nil || errChiude != nil || apre < 0 || chiude > 24 || apre >= chiude {
		return 0, 0, fmt.Errorf("NUCLEO_ORARIO: %q is not two hours of a day, as in 7-20: the first the smaller", c.Orario)
	}
	return apre, chiude, nil
}

// nuovaVigilanza is the policy of the alerts.
func (s *servizio) nuovaVigilanza(comandi *commands.Service, segni policies.Segnalibri) policies.Vigilanza {
	soglie, _ := allarme.LeggiSoglie(s.config.Allarmi) // configFrom refused what is wrong
	apre, chiude, _ := s.config.orario()
	return policies.Vigilanza{
		Comandi: comandi, Sguardi: sguardi{s.impianto, s.motore, s.pepe()}, Segnalibri: segni, Adesso: time.Now, Zona: roma, Soglie: soglie, Apre: apre, Chiude: chiude,
	}
}
