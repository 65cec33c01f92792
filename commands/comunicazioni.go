package commands

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// InviaComunicazione queues a message to people of the nucleo. A way by which
// the installation sends nothing is refused: a message that waits for ever
// would look like one that is on its way.
func (s *Service) InviaComunicazione(ctx context.Context, req Request, c id.Caso, cmd caso.InviaComunicazione) (Caso, error) {
	cmd.Oggi, cmd.Spento = s.oggi(req), !slices.Contains(s.Canali, cmd.Canale)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RegistraComunicazioneFormale notes a letter, or the like, that was sent.
func (s *Service) RegistraComunicazioneFormale(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraComunicazioneFormale) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RegistraEsitoComunicazione notes what became of a formal communication.
func (s *Service) RegistraEsitoComunicazione(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraEsitoComunicazione) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RegistraInvioComunicazione notes that a server took a message.
func (s *Service) RegistraInvioComunicazione(ctx context.Context, req Request, c id.Caso, m id.Comunicazione) error {
	_, err := execute(ctx, s, req, suCaso(c, is(caso.RegistraInvioComunicazione{Comunicazione: m})))
	return err
}

// RegistraConsegna notes that a message arrived.
func (s *Service) RegistraConsegna(ctx context.Context, req Request, c id.Caso, m id.Comunicazione, esito string) error {
	oggi := s.oggi(req)
	_, err := execute(ctx, s, req, suCaso(c, is(caso.RegistraConsegna{Comunicazione: m, Esito: esito, Data: oggi, Oggi: oggi})))
	return err
}

// RegistraMancataConsegna notes that a message will not arrive, and why.
func (s *Service) RegistraMancataConsegna(ctx context.Context, req Request, c id.Caso, m id.Comunicazione, esito string) error {
	oggi := s.oggi(req)
	_, err := execute(ctx, s, req, suCaso(c, is(caso.RegistraMancataConsegna{Comunicazione: m, Esito: esito, Data: oggi, Oggi: oggi})))
	return err
}

// Messaggio is a message as whoever sends it needs it: what stands in the
// stream of its case, and where it goes as far as is known now.
type Messaggio struct {
	Stato    caso.StatoComunicazione
	Tipo     caso.TipoComunicazione
	Canale   caso.CanaleComunicazione
	Testo    string   `personale:"testo"`
	Recapiti []string `personale:"recapito"` // one a destinatario, in their order; empty when there is none
}

// Messaggio reads a message. One that is not there is
// caso.ErrComunicazioneInesistente.
func (s *Service) Messaggio(ctx context.Context, c id.Caso, i id.Comunicazione) (Messaggio, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, caso.Decider, caso.Decider.Stream(c.String()))
	if err != nil {
		return Messaggio{}, err
	}
	questa, nota := letto.Stato.Comunicazioni.Trova(i)
	if !nota {
		return Messaggio{}, caso.ErrComunicazioneInesistente
	}
	e := questa.Accodata
	m := Messaggio{Stato: questa.Stato, Tipo: e.Tipo, Canale: e.Canale, Testo: e.Testo}
	for _, d := range e.Destinatari {
		m.Recapiti = append(m.Recapiti, letto.Stato.Recapito(d, e.Canale))
	}
	return m, nil
}

// Mittente is a request of the program that sends messages. The same thing
// asked of the same message is the same command.
func Mittente(m id.Comunicazione, cosa string, adesso time.Time) Request {
	return Request{Comando: uuid.NewSHA1(m.UUID, []byte(cosa)), Impronta: cosa, Attore: domain.Comunicazioni, Canale: domain.Sistema, Adesso: adesso}
}
