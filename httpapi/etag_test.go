package httpapi

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// Who compares ETags learns nothing of versions (D-6): they are of one thing, one
// facet and one installation, and neither their order nor their bytes tell how far
// a thing has come.
func TestAnETagSaysNothing(t *testing.T) {
	qui, altrove := &API{Segreto: []byte("of this installation")}, &API{Segreto: []byte("of another")}
	caso, altro := uuid.New(), uuid.New()
	visti := map[string]string{}
	for nome, etag := range map[string]string{
		"version 1": qui.etag(facciaAssegnazione, caso, 1), "version 2": qui.etag(facciaAssegnazione, caso, 2), "version 256": qui.etag(facciaAssegnazione, caso, 256),
		"another case": qui.etag(facciaAssegnazione, altro, 1), "another facet": qui.etag(facciaDettaglio, caso, 1), "another installation": altrove.etag(facciaAssegnazione, caso, 1),
	} {
		if stesso, c := visti[etag]; c {
			t.Errorf("%s and %s have the ETag %s", nome, stesso, etag)
		}
		visti[etag] = nome
	}
	if etag := (&API{Segreto: qui.Segreto}).etag(facciaAssegnazione, caso, 1); visti[etag] != "version 1" {
		t.Error("another replica gives the same facet another ETag")
	}
	bit, crescono := 0, 0 // of neighbouring versions: half of the bits differ, half of the pairs grow
	const versioni = 2000
	prima := qui.etag(facciaAssegnazione, caso, 0)
	for v := range uint64(versioni) {
		etag := qui.etag(facciaAssegnazione, caso, v+1)
		bit += diversi(t, prima, etag)
		if etag > prima {
			crescono++
		}
		prima = etag
	}
	if medi := float64(bit) / versioni; medi < 46 || medi > 50 {
		t.Errorf("ETags of neighbouring versions differ in %.1f of 96 bits", medi)
	}
	if crescono < versioni*4/10 || crescono > versioni*6/10 {
		t.Errorf("%d of %d ETags are greater than that of the version before", crescono, versioni)
	}
}

// diversi counts the bits in which two ETags differ.
func diversi(t *testing.T, a, b string) (n int) {
	t.Helper()
	da, err := base64.RawURLEncoding.DecodeString(strings.Trim(a, `"`))
	if err != nil {
		t.Fatal(err)
	}
	db, err := base64.RawURLEncoding.DecodeString(strings.Trim(b, `"`))
	if err != nil || len(da) != len(db) {
		t.Fatal(len(da), len(db), err)
	}
	for i := range da {
		for d := da[i] ^ db[i]; d != 0; d &= d - 1 {
			n++
		}
	}
	return n
}
