package persistent

import (
	"regexp"
	"strings"

	"nucleo/eventstore/node/eventlog"
)

// Filter picks events of the whole log, by type or by stream. The zero filter
// takes all.
type Filter struct {
	Streams  bool     `json:"streams,omitempty"` // names of streams are looked at, else types
	Regex    string   `json:"regex,omitempty"`
	Prefixes []string `json:"prefixes,omitempty"`
}

// Matcher compiles the filter. Go's expressions are RE2: look-around and
// back-references are refused.
func (f *Filter) Matcher() (func(*eventlog.Event) bool, error) {
	if f == nil {
		return func(*eventlog.Event) bool { return true }, nil
	}
	of := func(e *eventlog.Event) string { return e.Type }
	if f.Streams {
		of = func(e *eventlog.Event) string { return e.Stream }
	}
	if f.Regex != "" {
		re, err := regexp.Compile(f.Regex)
		if err != nil {
			return nil, &InvalidError{"the regular expression is not supported: " + err.Error()}
		}
		return func(e *eventlog.Event) bool { return re.MatchString(of(e)) }, nil
	}
	return func(e *eventlog.Event) bool {
		for _, p := range f.Prefixes {
			if strings.HasPrefix(of(e), p) {
				return true
			}
		}
		return false
	}, nil
}
