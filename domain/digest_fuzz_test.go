package domain_test

import (
	"strings"
	"testing"

	"nucleo/domain"
)

// FuzzDigest reads digests, as metadata and the ends of streams hold them: what
// is read is written as it was, but for the case of its digits.
func FuzzDigest(f *testing.F) {
	for _, s := range []string{"", domain.Digest{1}.String(), strings.Repeat("0", 64), strings.Repeat("AB", 32), strings.Repeat("g", 64), "00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var d domain.Digest
		if d.UnmarshalText([]byte(s)) != nil {
			return
		}
		if got := d.String(); got != strings.ToLower(s) && (d != domain.Digest{}) {
			t.Errorf("%q reads as %q", s, got)
		}
	})
}
