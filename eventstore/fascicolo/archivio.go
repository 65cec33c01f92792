package fascicolo

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// Massimo is how large a bundle may be: no stream comes near.
const Massimo = 256 << 20

// What is no bundle at all, and is not looked into.
var (
	ErrTroppoGrande = fmt.Errorf("a bundle has at most %d MiB", Massimo>>20)
	errArchivio     = errors.New("it is not a whole ZIP file: it was cut off, or is something else")
	errCompresso    = errors.New("it was packed anew: a bundle is checked as the file that was handed over, whose files are stored and not compressed")
	errByte         = errors.New("its files are right, and bytes of the ZIP file around them are not what Nucleo writes: it was packed anew, or something was put into it")
)

// primoGiorno is the date of all files: 1 January 1980, the first that ZIP can tell.
const primoGiorno = 1<<5 | 1

// comprimi writes files as a ZIP file, in their order, stored and not
// compressed: the same files make the same bytes, and nothing grows on reading.
func comprimi(file map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, nome := range nomi {
		contenuto, c := file[nome]
		if !c {
			continue
		}
		//lint:ignore SA1019 CreateRaw writes this field, and does not look at Modified
		h := &zip.FileHeader{Name: nome, Method: zip.Store, CRC32: crc32.ChecksumIEEE(contenuto), ModifiedDate: primoGiorno}
		h.CompressedSize64, h.UncompressedSize64 = uint64(len(contenuto)), uint64(len(contenuto))
		w, err := z.CreateRaw(h)
		if err == nil {
			_, err = w.Write(contenuto)
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// apri reads the files of a ZIP file: those that a bundle has, none twice, none
// that grows. Whether they are whole, others ask.
func apri(b []byte) (map[string][]byte, error) {
	if len(b) > Massimo {
		return nil, ErrTroppoGrande
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, errArchivio
	}
	file := map[string][]byte{}
	for _, f := range z.File {
		_, doppio := file[f.Name]
		switch {
		case !slices.Contains(nomi, f.Name):
			return nil, fmt.Errorf("it holds the file %.40q, which no bundle has", f.Name)
		case doppio:
			return nil, fmt.Errorf("it holds the file %s twice", f.Name)
		case f.Method != zip.Store || f.UncompressedSize64 > uint64(len(b)):
			return nil, errCompresso
		}
		r, err := f.OpenRaw()
		if err != nil {
			return nil, errArchivio
		}
		if file[f.Name], err = io.ReadAll(r); err != nil {
			return nil, errArchivio
		}
	}
	return file, nil
}
