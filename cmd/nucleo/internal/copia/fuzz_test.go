package copia

import (
	"archive/tar"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzSfoglia reads the secrets of a backup that comes from anywhere: each is a
// file inside of where it is unpacked, and nothing else comes out.
func FuzzSfoglia(f *testing.F) {
	var vero bytes.Buffer
	if err := archivia(&vero, time.Unix(0, 0), map[string][]byte{"chiavi/kek-0001": []byte("x"), "sigilli": nil}); err != nil {
		f.Fatal(err)
	}
	f.Add(vero.Bytes())
	f.Add(vero.Bytes()[:vero.Len()/2])
	for _, h := range []tar.Header{{Name: "../fuori", Size: 1, Typeflag: tar.TypeReg}, {Name: "/etc/passwd", Size: 1, Typeflag: tar.TypeReg}, {Name: "filo", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&h); err != nil {
			f.Fatal(err)
		}
		_, _ = w.Write(make([]byte, h.Size))
		_ = w.Close()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		segreti, err := sfoglia(tar.NewReader(bytes.NewReader(b)))
		if err != nil && !errors.Is(err, ErrRovinato) {
			t.Errorf("%v", err)
		}
		for nome := range segreti {
			if !filepath.IsLocal(nome) {
				t.Errorf("a secret is called %q", nome)
			}
		}
	})
}

// FuzzManifesto reads manifests of any form: one is of our format, or refused.
func FuzzManifesto(f *testing.F) {
	for _, s := range []string{`{"formato":"nucleo-copia 1","posizione":7,"file":{"eventi":{"byte":1,"sha256":"00","cifrato":true}}}`, `{"formato":"nucleo-copia 2"}`, `null`, `{`, `{"file":{"":null}}`} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, nomeManifesto), b, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Leggi(dir)
		switch {
		case err == nil && m.Formato != formato:
			t.Errorf("%q passes", b)
		case err != nil && !errors.Is(err, ErrRovinato) && !errors.Is(err, ErrFormato):
			t.Error(err)
		}
	})
}
