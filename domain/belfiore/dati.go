package belfiore

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed luoghi.tsv
var luoghiTSV string

type archivio struct {
	luoghi []Luogo       // by code
	indice [26_000]int16 // from posto to 1 + the index in luoghi
}

// dati reads the file when it is first asked for.
var dati = sync.OnceValue(func() *archivio {
	a, err := leggi(luoghiTSV)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return a
})

func leggi(tsv string) (*archivio, error) {
	a := &archivio{luoghi: make([]Luogo, 0, strings.Count(tsv, "\n"))}
	for riga := range strings.Lines(tsv) {
		if strings.HasPrefix(riga, "#") {
			continue
		}
		l, err := leggiRiga(strings.TrimSuffix(riga, "\n"))
		if err != nil {
			return nil, fmt.Errorf("luoghi.tsv, %.4s: %w", riga, err)
		}
		a.luoghi = append(a.luoghi, l)
		i, ok := posto(l.Codice)
		if !ok || a.indice[i] != 0 {
			return nil, fmt.Errorf("luoghi.tsv, %.4s: not a code, or there twice", riga)
		}
		a.indice[i] = int16(len(a.luoghi))
	}
	return a, nil
}

// leggiRiga reads codice, nome, provincia, regione, istat, dal, al,
// popolazione, cap; empty fields at the end may be missing.
func leggiRiga(riga string) (Luogo, error) {
	var campi [9]string
	for i := range campi {
		campi[i], riga, _ = strings.Cut(riga, "\t")
	}
	l := Luogo{Codice: campi[0], Nome: campi[1], Provincia: campi[2], Regione: campi[3], ISTAT: campi[4], cap: campi[8]}
	l.Estero = strings.HasPrefix(l.Codice, "Z")
	var err error
	if l.Dal, err = leggiData(campi[5]); err != nil {
		return l, err
	}
	if l.Al, err = leggiData(campi[6]); err != nil {
		return l, err
	}
	if campi[7] != "" {
		l.Popolazione, err = strconv.Atoi(campi[7])
	}
	return l, err
}

func leggiData(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, s)
}

// posto is the place of a code in the index: a letter and three digits.
func posto(codice string) (int, bool) {
	if len(codice) != 4 || codice[0] < 'A' || codice[0] > 'Z' {
		return 0, false
	}
	n := int(codice[0] - 'A')
	for _, c := range []byte(codice[1:]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
