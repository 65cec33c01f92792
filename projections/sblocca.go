package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/eventstore"
)

// What Sblocca says of streams that it does not release.
var (
	ErrNonParcheggiato = errors.New("this stream is not parked for this model")
	ErrAncoraFermo     = errors.New("the stream cannot be folded yet and stays parked: correct the program, then try again")
	ErrNonCostruita    = errors.New("this model has no tables yet")
)

// Parcheggiato is a stream that a model has stopped folding.
type Parcheggiato struct {
	Proiezione string    `json:"proiezione"`
	Flusso     string    `json:"flusso"`
	Versione   int64     `json:"versione"` // of the first event that was not folded
	Posizione  int64     `json:"posizione"`
	Motivo     string    `json:"motivo"`
	Dal        time.Time `json:"dal"`
}

// Parcheggiati lists the parked streams of models, oldest first.
func Parcheggiati(ctx context.Context, pool *pgxpool.Pool, models []Model) ([]Parcheggiato, error) {
	rows, err := pool.Query(ctx, `SELECT proiezione, flusso, versione, posizione, motivo, dal FROM proiezioni.parcheggiati
		WHERE proiezione = ANY($1) ORDER BY posizione, proiezione`, names(models))
	if err != nil {
		return nil, fmt.Errorf("list parked streams: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Parcheggiato])
}

// Sblocca folds the events of a parked stream that were held, in their order,
// and lets the stream go on. Their order against events of other streams is
// lost: they are folded as if they came now. A model that cares is built anew
// (Ricostruisci), which keeps all order.
//
// It may run while another process leads: it holds the row of the checkpoint
// for as long as it writes, and changes its epoch, so that the leader reads
// rows and parked streams again. What was folded before a failure stays.
func Sblocca(ctx context.Context, pool *pgxpool.Pool, origin Origin, model Model, stream string) error {
	l, err := connect(ctx, pool)
	if err != nil {
		return err
	}
	defer l.close()
	for most := 1 << 20; ; {
		r := release{link: l, origin: origin, model: model, stream: stream, most: most}
		err := r.run(ctx)
		switch {
		case errors.Is(err, errMore): // there are more events
		case refused(err) != nil && r.folded > 1:
			most = r.folded / 2
		case refused(err) != nil:
			return errors.Join(ErrAncoraFermo, r.restate(ctx, err))
		default:
			return err
		}
	}
}

var errMore = errors.New("there are more events")

// release is one transaction that folds held events.
type release struct {
	link   *link
	origin Origin
	model  Model
	stream string
	most   int // events to fold
	folded int
	next   domain.Recorded // the first of them
}

func (r *release) run(ctx context.Context) error {
	var outcome error
	err := r.link.inTransaction(ctx, func() (err error) {
		outcome, err = r.fold(ctx)
		return err
	}, func() error { return nil })
	return errors.Join(err, outcome)
}

// fold returns in outcome what does not undo the transaction.
func (r *release) fold(ctx context.Context) (outcome, err error) {
	w := writer{limits: usual, link: r.link, inside: true, memory: &memory{limit: usual.memory}}
	m := r.model.open(r.model.ID(), r.origin.Pepe)
	w.models = []*model{m}
	position := int64(0)
	err = r.link.conn.QueryRow(ctx, `SELECT posizione, epoca FROM proiezioni.avanzamento WHERE proiezione = $1 FOR UPDATE`, m.id).Scan(&position, &m.epoca)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNonCostruita
	}
	if err == nil {
		err = m.load(ctx, r.link, true)
	}
	if err != nil {
		return nil, err
	}
	from, is := m.parked[r.stream]
	if !is {
		return nil, ErrNonParcheggiato
	}
	delete(m.parked, r.stream)
	held, err := r.held(ctx, from.version, position)
	if err != nil {
		return nil, err
	}
	batch := held[:min(r.most, len(held))]
	if r.folded = len(batch); r.folded > 0 {
		r.next = batch[0]
	}
	w.position.Store(position)
	if err := w.settle(ctx, batch); err != nil {
		return nil, err
	}
	again := len(m.parking) > 0
	if err := w.write(ctx, position); err != nil {
		return nil, err
	}
	switch {
	case again:
		outcome = ErrAncoraFermo
	case len(batch) < len(held):
		outcome = errMore
		_, err = r.link.conn.Exec(ctx, `UPDATE proiezioni.parcheggiati SET versione = $3, posizione = $4 WHERE proiezione = $1 AND flusso = $2`,
			m.id, r.stream, int64(held[len(batch)].Version), int64(held[len(batch)].Position))
	default:
		_, err = r.link.conn.Exec(ctx, `DELETE FROM proiezioni.parcheggiati WHERE proiezione = $1 AND flusso = $2`, m.id, r.stream)
	}
	if err == nil {
		_, err = r.link.conn.Exec(ctx, `UPDATE proiezioni.avanzamento SET epoca = epoca + 1 WHERE proiezione = $1`, m.id)
	}
	return outcome, err
}

// held are the stream's events from a version on, as far as the model has
// come: those after it will be given to it by the log.
func (r *release) held(ctx context.Context, version uint64, position int64) (events []domain.Recorded, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second) // the leader waits meanwhile
	defer cancel()
	wanted := func(yield func(eventstore.Stored, error) bool) {
		for e, err := range r.origin.Source.Stored(ctx, r.stream) {
			if err == nil && (e.Version < version || int64(e.Position) > position) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
	for batch, err := range eventstore.Batches(ctx, r.origin.Catalog, r.origin.Source.Keys(), wanted, 1000) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", r.stream, err)
		}
		events = append(events, batch...)
	}
	return events, ctx.Err()
}

// restate stores why the first of the held events cannot be folded.
func (r *release) restate(ctx context.Context, why error) error {
	_, err := r.link.conn.Exec(ctx, `UPDATE proiezioni.parcheggiati SET versione = $3, posizione = $4, motivo = $5 WHERE proiezione = $1 AND flusso = $2`,
		r.model.ID(), r.stream, int64(r.next.Version), int64(r.next.Position), reason(why))
	return err
}
