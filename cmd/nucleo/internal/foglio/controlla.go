package foglio

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ole begins the files of the old format, and of workbooks with a password.
var ole = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}

// controlla holds a workbook to the bounds, and refuses what is in it but a
// form. First the directory of the zip is looked at, then each part: nothing is
// unzipped of a workbook that its directory tells is too large.
func controlla(contenuto []byte) error {
	switch {
	case len(contenuto) > massimoFile:
		return ErrGrande
	case bytes.HasPrefix(contenuto, ole):
		return ErrCifrato
	case bytes.Contains(contenuto, ole): // which the library would try to decrypt
		return ErrMacro
	}
	r, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		return ErrNonXLSX
	}
	if err := directory(r); err != nil {
		return err
	}
	for _, f := range r.File {
		if err := parte(f); err != nil {
			return err
		}
	}
	return nil
}

// directory looks at the names and sizes that the zip declares.
func directory(r *zip.Reader) error {
	var aperto uint64
	visti := map[string]bool{}
	libro := false
	if len(r.File) > massimoParti {
		return ErrGrande
	}
	for _, f := range r.File {
		nome := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if f.UncompressedSize64 > massimoAperto {
			return ErrGrande
		}
		if aperto += f.UncompressedSize64; aperto > massimoAperto {
			return ErrGrande
		}
		switch {
		case visti[nome] || f.Flags&1 != 0 || strings.Contains(nome, ".."): // two parts of one name: which one is meant?
			return ErrRovinato
		case attiva(nome):
			return ErrMacro
		case esterna(nome):
			return ErrEsterno
		}
		visti[nome] = true
		libro = libro || nome == "xl/workbook.xml"
	}
	if !libro || !visti["[content_types].xml"] {
		return ErrNonXLSX
	}
	return nil
}

// attiva reports whether a part can act: macros, controls, embedded objects.
func attiva(nome string) bool {
	if path.Base(nome) == "vbaproject.bin" || path.Base(nome) == "vbadata.xml" {
		return true
	}
	for _, dir := range []string{"xl/macrosheets/", "xl/dialogsheets/", "xl/activex/", "xl/embeddings/", "xl/ctrlprops/", "customui/", "xl/webextensions/"} {
		if strings.HasPrefix(nome, dir) {
			return true
		}
	}
	return false
}

// esterna reports whether a part fetches from elsewhere.
func esterna(nome string) bool {
	for _, dir := range []string{"xl/externallinks/", "xl/connections", "xl/querytables/", "xl/model/", "xl/pivotcache/"} {
		if strings.HasPrefix(nome, dir) {
			return true
		}
	}
	return false
}

// parte looks into a part, as far as it is text.
func parte(f *zip.File) error {
	nome := strings.ToLower(f.Name)
	if ext := path.Ext(nome); ext != ".xml" && ext != ".rels" && ext != ".vml" {
		return nil
	}
	aperta, err := f.Open()
	if err != nil {
		return ErrRovinato
	}
	defer func() { _ = aperta.Close() }()
	testo, err := io.ReadAll(io.LimitReader(aperta, massimoAperto+1)) // the directory may lie
	switch {
	case err != nil:
		return ErrRovinato
	case len(testo) > massimoAperto:
		return ErrGrande
	case !utf8.Valid(testo) || bytes.ContainsRune(testo, 0): // UTF-16 could hide what is looked for below
		return ErrRovinato
	case bytes.Contains(testo, []byte("<!DOCTYPE")) || bytes.Contains(testo, []byte("<!ENTITY")):
		return ErrEntita
	}
	switch {
	case nome == "[content_types].xml":
		if bytes.Contains(bytes.ToLower(testo), []byte("macroenabled")) {
			return ErrMacro
		}
	case strings.HasSuffix(nome, ".rels"):
		return relazioni(testo)
	case strings.HasPrefix(strings.ReplaceAll(nome, `\`, "/"), "xl/worksheets/"):
		return celle(testo)
	}
	return nil
}

// relazioni refuses relations to what lies outside. Links to click on are let
// through: Excel makes one of each e-mail address, and nobody follows them here.
func relazioni(testo []byte) error {
	return percorri(testo, func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" {
			return nil
		}
		if strings.EqualFold(attributo(e, "TargetMode"), "External") && !strings.HasSuffix(attributo(e, "Type"), "/hyperlink") {
			return ErrEsterno
		}
		return nil
	})
}

// celle refuses formulas, and rows and columns beyond the bounds: the library
// would make room for all that lies before them.
func celle(testo []byte) error {
	riga := 0
	return percorri(testo, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "f":
			return ErrFormula
		case "row":
			riga++
			if n := attributo(e, "r"); n != "" {
				letta, err := strconv.Atoi(n)
				if err != nil || letta < 1 {
					return ErrRovinato
				}
				riga = letta
			}
			if riga > massimaRiga {
				return ErrRighe
			}
		case "c":
			if colonna(attributo(e, "r")) > massimaColonna {
				return ErrColonne
			}
		case "dataValidation", "cfRule": // their formulas name lists, and are called formula1
		}
		return nil
	})
}

// colonna is the number of the column of a cell, such as 28 for AB7.
func colonna(cella string) (n int) {
	for i := 0; i < len(cella) && n <= massimaColonna; i++ {
		c := cella[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n
}

// percorri goes through the elements of a part.
func percorri(testo []byte, visita func(xml.StartElement) error) error {
	d := xml.NewDecoder(bytes.NewReader(testo))
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrRovinato
		}
		if e, is := t.(xml.StartElement); is {
			if err := visita(e); err != nil {
				return err
			}
		}
	}
}

func attributo(e xml.StartElement, nome string) string {
	for _, a := range e.Attr {
		if a.Name.Local == nome {
			return a.Value
		}
	}
	return ""
}
