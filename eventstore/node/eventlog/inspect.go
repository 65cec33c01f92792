package eventlog

import "context"

// Inspect reads what lies at a position, whether or not its checksum holds, to
// say of a damaged event which one it was. found is false when nothing lies
// there.
func (l *Log) Inspect(ctx context.Context, position int64) (e Event, found bool, err error) {
	err = l.read(ctx, func(c *conn) error {
		return c.query(selectOne, func(row []any) error {
			found = true
			e.Position, _ = row[0].(int64)
			e.Stream, _ = text(row[1])
			e.Revision, _ = row[2].(int64)
			e.Type, _ = text(row[4])
			e.Created, _ = row[6].(int64)
			e.Data, _ = blob(row[7])
			e.Metadata, _ = blob(row[8])
			return nil
		}, position)
	})
	return e, found, err
}
