package projections

import (
	"context"

	"nucleo/domain"
)

// lane is models that are built on one connection. Until it is stored, its
// rows are in memory and its logs in an open transaction.
type lane struct {
	writer
	stored bool
	failed error
}

func (l *lane) begin(ctx context.Context, b *builder, fresh bool) error {
	for _, m := range l.models {
		if fresh {
			if err := b.create(ctx, l, m); err != nil {
				return blame(m, err)
			}
		}
		m.forget()
		if l.stored || b.prepare != nil {
			if err := m.load(ctx, l.link, l.stored); err != nil {
				return err
			}
		}
	}
	if l.stored {
		return nil
	}
	// Tables truncated in the transaction that fills them, and indexes made in
	// it, need no write-ahead log where wal_level is minimal.
	sql := "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL maintenance_work_mem = '128MB';"
	for _, m := range l.models {
		for _, t := range m.tables {
			sql += "TRUNCATE " + t.rel().name + ";"
		}
	}
	_, err := l.link.conn.Exec(ctx, sql)
	return err
}

// fail ends the lane's transaction with it, for that may hold the checkpoint.
func (l *lane) fail(err error) {
	if err != nil {
		l.failed = err
		l.link.close()
	}
}

// absorb folds a batch. Logs are sent at once, tables when they are stored.
func (l *lane) absorb(ctx context.Context, batch []domain.Recorded) error {
	if l.stored {
		return l.handle(ctx, batch)
	}
	for _, m := range l.models {
		m.fold(batch)
		for _, t := range m.tables {
			if t.rel().keys != nil {
				continue
			}
			added, _, _ := t.changes()
			if len(added) == 0 {
				continue
			}
			if err := l.link.copy(ctx, t.rel().fills, newCopy(t.rel().columns(), added)); err != nil {
				return blame(m, err)
			}
			t.rewind()
		}
	}
	l.position.Store(int64(batch[len(batch)-1].Position))
	return nil
}

// store brings to Postgres what is in memory, up to a position.
func (l *lane) store(ctx context.Context, to int64) error {
	if l.stored {
		if to == l.position.Load() {
			return nil
		}
		return l.advance(ctx, to)
	}
	all := make([]changed, len(l.models))
	for i, m := range l.models {
		all[i] = m.changes(1)
	}
	for _, c := range all { // tables truncated in this transaction: nobody else can see their rows before its end
		for i, rows := range c.copies {
			rows.rel.sort(rows.rows)
			c.copies[i].sql = rows.rel.fills
		}
	}
	if err := l.send(ctx, all); err != nil {
		return err
	}
	for _, m := range l.models {
		if _, err := l.link.conn.Exec(ctx, m.keys()); err != nil {
			return blame(m, err)
		}
	}
	l.position.Store(-1) // where the checkpoint was left
	first := &pipeline{link: l.link}
	if err := first.add(ctx, nil, l.checkpoint(to), nil); err != nil {
		return err
	}
	if err := first.run(ctx); err != nil {
		return err
	}
	if err := l.reach("written"); err != nil {
		return err
	}
	if _, err := l.link.conn.Exec(ctx, "COMMIT"); err != nil {
		return err
	}
	l.position.Store(to)
	l.stored = true
	for _, m := range l.models {
		m.written()
	}
	return l.reach("committed")
}

func (l *lane) bytes() (n int64) {
	for _, m := range l.models {
		n += m.bytes()
	}
	return n
}
