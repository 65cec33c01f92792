// Package uuids lets pgx write and read ids as the 16 bytes they are. Without
// it pgx takes a uuid.UUID, and whatever embeds one, for a driver.Valuer and a
// sql.Scanner: each goes through its text, and in an array through an error that
// is made and thrown away, which costs 4 µs an id.
package uuids

import (
	"context"
	"encoding"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// AfterConnect makes a connection of a pool know ids: pgxpool.Config.AfterConnect.
func AfterConnect(_ context.Context, conn *pgx.Conn) error {
	m := conn.TypeMap()
	one := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: codec{}}
	m.RegisterType(one)
	m.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: one}})
	return nil
}

// codec is pgtype's own, but for ids in binary.
type codec struct{ pgtype.UUIDCodec }

// PlanEncode implements pgtype.Codec.
func (c codec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, is := value.(encoding.BinaryMarshaler); is && format == pgtype.BinaryFormatCode {
		return writing{}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (c codec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, is := target.(encoding.BinaryUnmarshaler); is && format == pgtype.BinaryFormatCode {
		return reading{}
	}
	return c.UUIDCodec.PlanScan(m, oid, format, target)
}

type writing struct{}

// Encode implements pgtype.EncodePlan.
func (writing) Encode(value any, to []byte) ([]byte, error) {
	b, err := value.(encoding.BinaryMarshaler).MarshalBinary()
	if err == nil && len(b) != 16 {
		err = fmt.Errorf("%T has %d bytes and is no id", value, len(b))
	}
	return append(to, b...), err
}

type reading struct{}

// Scan implements pgtype.ScanPlan. NULL is the id of nothing.
func (reading) Scan(from []byte, target any) error {
	if from == nil {
		from = make([]byte, 16)
	}
	return target.(encoding.BinaryUnmarshaler).UnmarshalBinary(from)
}
