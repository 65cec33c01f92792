package eventstore

import (
	"errors"
	"log/slog"

	"github.com/ThreeDotsLabs/watermill"
)

// quiet is Watermill's logger. It passes on which handler a line is about and
// nothing else: Watermill puts whole messages into fields.
type quiet struct{ log *slog.Logger }

func (q quiet) Error(msg string, err error, fields watermill.LogFields) {
	if !errors.Is(err, errNotHandled) { // was logged
		q.log.Error(msg, append(known(fields), "err", err)...)
	}
}

func (q quiet) Info(msg string, fields watermill.LogFields) { q.log.Debug(msg, known(fields)...) }

func (q quiet) Debug(string, watermill.LogFields) {}

func (q quiet) Trace(string, watermill.LogFields) {}

func (q quiet) With(fields watermill.LogFields) watermill.LoggerAdapter {
	return quiet{q.log.With(known(fields)...)}
}

func known(fields watermill.LogFields) []any {
	var attrs []any
	for _, key := range []string{"handler_name", "topic"} {
		if v, there := fields[key]; there {
			attrs = append(attrs, key, v)
		}
	}
	return attrs
}
