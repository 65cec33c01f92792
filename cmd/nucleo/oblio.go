package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/cmd/nucleo/internal/oblio"
	"nucleo/commands"
	"nucleo/domain/cancellazione"
	"nucleo/domain/id"
	libro "nucleo/domain/oblio"
	"nucleo/internal/chiavi"
	"nucleo/projections"
	"nucleo/projections/cancellazioni"
	"nucleo/projections/casi"
	"nucleo/projections/nuclei"
	"nucleo/projections/segnalazioni"
)

// nuovoOblio makes what carries erasures out.
func (s *servizio) nuovoOblio(comandi *commands.Service) error {
	firma, err := notaio.ApriChiavi(s.cartella.Dir)
	if err != nil {
		return err
	}
	s.oblio = &oblio.Oblio{
		Comandi: comandi, Archivio: s.eventi(), Catalogo: eventi, Chiavi: s.chiavi, Secondo: s.registro2(), Tabelle: oblio.Tabelle{Pool: s.lettura}, Pepe: s.pepe(), Firma: firma.Firma, Origine: firma.Origine(),
		Adesso: time.Now, Scordo: 5 * time.Second, Ogni: 2 * time.Second, Log: s.log,
		DaEseguire: func(ctx context.Context) ([]id.Cancellazione, error) { return cancellazioni.DaEseguire(ctx, s.lettura) },
		Attendi:    s.seguono,
		Lascia:     s.passati.Lascia,
		Riconoscibili: func(ctx context.Context, di cancellazione.Soggetto) (int, error) {
			switch di.Tipo {
			case cancellazione.Nucleo, cancellazione.Persona:
				return nuclei.Riconoscibili(ctx, s.lettura, di.Caso, id.Componente{UUID: di.Quale})
			}
			return 0, nil
		},
		Rifai: func(ctx context.Context) error {
			return projections.Ricostruisci(ctx, s.lettura, s.origine(), s.log, casi.Projection, segnalazioni.Projection)
		},
	}
	if err := s.oblio.Secondo.Prepara(); err != nil {
		s.log.Warn("the second place cannot be written: nothing can be erased until it can", "err", err)
	}
	return nil
}

// registro2 is the ledger of erasures in the second place.
func (i *impianto) registro2() oblio.Secondo { return oblio.Secondo{Dir: i.secondo().Dir} }

// seguono waits until all lists follow a position, and names them.
func (s *servizio) seguono(ctx context.Context, at uint64) (nomi []string, err error) {
	if err := s.motore.Wait(ctx, at, modelli...); err != nil {
		return nil, err
	}
	fermi, err := projections.Parcheggiati(ctx, s.lettura, modelli)
	if err != nil {
		return nil, err
	}
	if len(fermi) > 0 {
		return nil, errors.New("lists have parked streams, whose rows may be old: see nucleo projections list")
	}
	for _, m := range modelli {
		nome, _, _ := strings.Cut(m.ID(), "_v")
		nomi = append(nomi, nome)
	}
	return nomi, nil
}

// ridistrugge destroys, before anything is opened by them, the keys that the
// ledger names: that of the log, and that of the second place, which knows of
// erasures that an older copy of the log or of the keys does not. A log that is
// away keeps nobody from starting: what carries erasures out does it again.
func (i *impianto) ridistrugge(ctx context.Context, c *chiavi.Chiavi) error {
	altrove, err := i.registro2().Voci()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the ledger of erasures in the second place: %w", err)
	}
	voci := altrove.Voci
	if i.archivio != nil {
		for e, err := range i.eventi().Stored(ctx, libro.Flusso) {
			if err != nil {
				i.log.WarnContext(ctx, "the ledger of erasures of the log cannot be read yet: that of the second place is gone by", "err", err)
				break
			}
			if v, is := e.Recorded(eventi).Event.(libro.Voce); is {
				voci = append(voci, v)
			}
		}
	}
	var kids []uuid.UUID
	for _, v := range voci {
		kids = append(kids, v.Chiavi...)
	}
	vive, err := c.Vive(ctx, kids)
	if err == nil && len(vive) > 0 {
		i.log.WarnContext(ctx, "erased keys had come back, and are destroyed again: was a backup restored?", "keys", len(vive))
	}
	if err == nil && len(kids) > 0 {
		err = c.Distruggi(ctx, kids)
	}
	return err
}

// errSenzaRegistro keeps erased people from coming back.
var errSenzaRegistro = errors.New("the ledger of erasures (" + oblio.FileRegistro + ") is not in the second place: without it, people who were erased since this backup would come back. " +
	"Name the second place of the installation that was backed up by NUCLEO_SIGILLI or --registro; say --senza-registro only of a backup of before there was one")

// registroPerRestore looks for the ledger before a backup is opened, and brings
// it to the second place of the new installation.
func registroPerRestore(c config, da string, senza bool) error {
	qui := oblio.Secondo{Dir: cmp.Or(c.Sigilli, c.Data+"-sigilli")}
	if da == "" {
		_, err := qui.Voci()
		if errors.Is(err, fs.ErrNotExist) && !senza {
			return errSenzaRegistro
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if _, err := os.Stat(da); err != nil {
		return fmt.Errorf("%w (%w)", errSenzaRegistro, err)
	}
	voci, err := oblio.Secondo{Dir: da}.Voci()
	if errors.Is(err, fs.ErrNotExist) {
		return errSenzaRegistro
	}
	if err != nil {
		return err
	}
	return qui.Completa(voci)
}
