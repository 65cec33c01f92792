package persistent

import "strings"

// The streams in which groups are kept are named as EventStoreDB names them.
const (
	configStream = "$persistentSubscriptionConfig"
	streamPrefix = "$persistentsubscription-"

	typeConfig     = "$PersistentConfig"
	typeCheckpoint = "$SubscriptionCheckpoint"
)

func (k Key) checkpointStream() string {
	return streamPrefix + k.Stream + "::" + k.Group + "-checkpoint"
}

func (k Key) parkedStream() string { return streamPrefix + k.Stream + "::" + k.Group + "-parked" }

// Hidden reports whether a stream belongs to a group of the whole log. Readers of
// the whole log do not see it: what such a group parks would come to it again.
func Hidden(stream string) bool {
	return strings.HasPrefix(stream, streamPrefix+All+"::") || strings.HasPrefix(stream, "$$"+streamPrefix+All+"::")
}
