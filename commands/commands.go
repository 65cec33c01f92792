// Package commands carries out requests: it reads the aggregate, lets its
// decider answer, and appends what was decided.
package commands

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/calendario"
	"nucleo/domain/caso"
	"nucleo/domain/distribuzione"
	"nucleo/domain/giorno"
	"nucleo/domain/processo"
)

// Store is where the aggregates live.
type Store interface {
	Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error]
	Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error)
}

// Territori answers which ambito a comune belongs to. The answer is a hint,
// kept by a read model.
type Territori interface {
	AmbitoDi(ctx context.Context, comune string) (ambito string, found bool, err error)
}

// Fotografo answers who waits and who may be given a case, as the read models
// know it once they have passed a position. The answer is a hint: each case is
// decided on its stream.
type Fotografo interface {
	Fotografa(ctx context.Context, dopo uint64, dove domain.Territorio, filtro distribuzione.Filtro, oggi giorno.Giorno) (processo.Fotografia, error)
}

// Service has one method for each thing that people can ask of the system.
type Service struct {
	Store     Store
	Territori Territori
	Fotografo Fotografo                  // for automatic assignment; nil where nobody asks for it
	Segreto   []byte                     // of the installation: names operators, fingerprints requests
	Zona      *time.Location             // where days begin: Europe/Rome
	Canali    []caso.CanaleComunicazione // by which this installation sends messages
	Fogli     Fogli                      // of operators; nil where nobody sends any
	Custodia  Custodia                   // of these; likewise

	// Patroni are the days of the patrons, by the Belfiore code of the comune.
	Patroni map[string]calendario.Ricorrenza
	// RettificaRDC lets what was sent of the RDC and PDC be rectified, as it is
	// for the ADI (ambiguity 9.6).
	RettificaRDC bool
}

// Request is who asks, when, and under which name.
type Request struct {
	Comando      uuid.UUID // names the command: asked twice, it is carried out once
	Impronta     string    // of what was asked: the same name with another content is refused
	Correlazione uuid.UUID // the whole business action; the command itself when zero
	Causa        uuid.UUID // the command or event that led here; the command itself when zero
	Attore       domain.Attore
	Canale       domain.Canale
	Adesso       time.Time
	// Atteso reports whether a version is the one that the caller saw. It is
	// nil when the caller says nothing about it.
	Atteso func(versione uint64) bool
}

// Esito is what a command left behind, when it was first carried out.
type Esito[S any] struct {
	Stato     S
	Head      domain.Head
	Posizione uint64 // of its last event in the log; 0 when it changed nothing
	Ripetuto  bool   // it had been carried out before
}

// Refusals of requests, whatever they ask.
var (
	ErrChiaveRiusata  = domain.Refuse(domain.Unprocessable, "richiesta.chiave_riusata", "the Idempotency-Key was used for another request: take a new one")
	ErrPrecondizione  = domain.Refuse(domain.Stale, "richiesta.precondizione_fallita", "it changed since you read it: read it again, and repeat the request with the new ETag")
	errFuoriAggregato = errors.New("the stream holds an event of another aggregate")
)

// spazio is the namespace of command ids.
var spazio = uuid.MustParse("5b7c6a1e-3f58-5e0b-8a3d-51c0f3a0d2c7")

// Comando is the id of the command that an actor names by a key, on a route.
func Comando(a domain.Attore, rotta, chiave string) uuid.UUID {
	return uuid.NewSHA1(spazio, []byte(strings.Join([]string{a.ID.String(), a.Profilo.String(), rotta, chiave}, "\x00")))
}

// Impronta is the fingerprint of a request: equal for equal content, and
// saying nothing of it to whoever lacks the secret.
func (s *Service) Impronta(contenuto ...[]byte) string {
	h := hmac.New(sha256.New, s.Segreto)
	for _, c := range contenuto {
		_, _ = fmt.Fprintf(h, "%d:", len(c))
		_, _ = h.Write(c)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// oggi is the day of a request.
func (s *Service) oggi(req Request) giorno.Giorno { return giorno.Di(req.Adesso.In(s.Zona)) }

// calendario is that of a comune.
func (s *Service) calendario(comune string) calendario.Calendario {
	return calendario.Calendario{Patrono: s.Patroni[comune]}
}

func (r Request) meta() domain.Meta {
	m := domain.Meta{
		Comando: r.Comando, Impronta: r.Impronta, Correlazione: r.Correlazione, Causa: r.Causa,
		Attore: r.Attore.ID, Ruolo: r.Attore.Ruolo, Territorio: r.Attore.Territorio, Canale: r.Canale, Istante: r.Adesso,
	}
	if m.Correlazione == uuid.Nil {
		m.Correlazione = r.Comando
	}
	if m.Causa == uuid.Nil {
		m.Causa = r.Comando
	}
	return m
}
