package eventlog

import (
	"encoding/json"
	"strings"
)

// Metadata is the part of a stream's metadata that reads obey.
type Metadata struct {
	MaxCount       int64 `json:"$maxCount"`
	MaxAge         int64 `json:"$maxAge"` // seconds
	TruncateBefore int64 `json:"$tb"`     // Tombstone: soft deleted
	CacheControl   int64 `json:"$cacheControl"`
}

func isMetastream(stream string) bool { return len(stream) > 2 && strings.HasPrefix(stream, "$$") }

func metastreamOf(stream string) string { return "$$" + stream }

// parseMetadata reads the last event of a metastream; what cannot be read counts
// as no metadata.
func parseMetadata(e *Event) Metadata {
	var m Metadata
	if json.Unmarshal(e.Data, &m) != nil {
		return Metadata{}
	}
	return m
}

func (m Metadata) softDeleted() bool { return m.TruncateBefore == Tombstone }

// firstVisible is the lowest revision that may be read when last is the newest.
func (m Metadata) firstVisible(last int64) int64 {
	first := max(m.TruncateBefore, 0)
	if m.MaxCount > 0 {
		first = max(first, last-m.MaxCount+1)
	}
	return first
}

// undeleted rewrites the metadata of a soft-deleted stream so that events from
// revision from on are visible, and keeps every other key.
func undeleted(raw []byte, from int64) ([]byte, error) {
	keys := map[string]any{}
	if err := json.Unmarshal(raw, &keys); err != nil {
		keys = map[string]any{}
	}
	keys["$tb"] = from
	return json.Marshal(keys)
}

const softDeletion = `{"$tb":9223372036854775807}`
