package node

import (
	"errors"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
)

const (
	contentJSON   = "application/json"
	contentBinary = "application/octet-stream"
)

// parseID reads both forms of an id; a wrong one is all zeros, which the log refuses.
func parseID(u *shared.UUID) uuid.UUID {
	if s := u.GetStructured(); s != nil {
		id, err := esdb.ParseUUIDFromInt64(s.MostSignificantBits, s.LeastSignificantBits)
		if err != nil {
			return uuid.UUID{}
		}
		return id
	}
	id, err := uuid.Parse(u.GetString_())
	if err != nil {
		return uuid.UUID{}
	}
	return id
}

func formatID(id uuid.UUID, asText bool) *shared.UUID {
	if asText {
		return &shared.UUID{Value: &shared.UUID_String_{String_: id.String()}}
	}
	high, low := esdb.UUIDAsInt64(id)
	return &shared.UUID{Value: &shared.UUID_Structured_{
		Structured: &shared.UUID_Structured{MostSignificantBits: high, LeastSignificantBits: low}}}
}

// errMetadata refuses a proposed event without type or content type.
var errMetadata = errors.New("required metadata is missing")

type proposal interface {
	GetId() *shared.UUID
	GetMetadata() map[string]string
	GetData() []byte
	GetCustomMetadata() []byte
}

// propose reads a proposed event and what it counts against the append limit.
func propose(m proposal) (eventlog.Proposed, int, error) {
	kind, ok := m.GetMetadata()["type"]
	content, ok2 := m.GetMetadata()["content-type"]
	if !ok || !ok2 {
		return eventlog.Proposed{}, 0, errMetadata
	}
	p := eventlog.Proposed{
		ID: parseID(m.GetId()), Type: kind, JSON: content == contentJSON,
		Data: m.GetData(), Metadata: m.GetCustomMetadata(),
	}
	return p, len(p.Data) + len(p.Metadata) + 2*len(p.Type), nil
}

// record is an event as clients read it. Without "created" the Go client would end
// its process.
func record(e *eventlog.Event, textIDs bool) *api.ReadResp_ReadEvent_RecordedEvent {
	content := contentBinary
	if e.JSON {
		content = contentJSON
	}
	return &api.ReadResp_ReadEvent_RecordedEvent{
		Id:               formatID(e.ID, textIDs),
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(e.Stream)},
		StreamRevision:   uint64(e.Revision),
		PreparePosition:  uint64(e.Position),
		CommitPosition:   uint64(e.Position),
		Metadata: map[string]string{
			"type": e.Type, "content-type": content, "created": strconv.FormatInt(e.Created, 10)},
		CustomMetadata: e.Metadata,
		Data:           e.Data,
	}
}
