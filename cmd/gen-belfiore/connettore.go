package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// luogo is a row of the file.
type luogo struct {
	codice, nome, provincia, regione, istat string
	dal, al                                 time.Time // al is the first day after the last
	popolazione                             int
	cap                                     []string
}

func (l luogo) estero() bool { return l.codice[0] == 'Z' }

// blocco is the connector's packed form: fields of fixed width one after the
// other, numbers in base 32, days counted from the first of 1861.
type blocco struct {
	BelfioreCode, CreationDate, ExpirationDate, Name, ProvinceOrCountry string
}

func leggiConnettore(ts []byte) ([]luogo, error) {
	da, a := bytes.IndexByte(ts, '{'), bytes.LastIndexByte(ts, '}')
	if da < 0 || a < da {
		return nil, errors.New("no JSON inside")
	}
	var doc struct{ Data []blocco }
	if err := json.Unmarshal(ts[da:a+1], &doc); err != nil {
		return nil, err
	}
	var luoghi []luogo
	for _, b := range doc.Data {
		parte, err := b.luoghi()
		if err != nil {
			return nil, err
		}
		luoghi = append(luoghi, parte...)
	}
	slices.SortFunc(luoghi, func(a, b luogo) int { return cmp.Compare(a.codice, b.codice) })
	for i := 1; i < len(luoghi); i++ {
		if luoghi[i].codice == luoghi[i-1].codice {
			return nil, fmt.Errorf("%s stands twice", luoghi[i].codice)
		}
	}
	return luoghi, nil
}

func (b blocco) luoghi() ([]luogo, error) {
	nomi := strings.Split(b.Name, "|")
	n := len(nomi)
	if len(b.BelfioreCode) != 3*n || len(b.ProvinceOrCountry) != 2*n || len(b.CreationDate) != 4*n ||
		b.ExpirationDate != "" && len(b.ExpirationDate) != 4*n {
		return nil, errors.New("the packed fields differ in length")
	}
	luoghi := make([]luogo, n)
	for i := range luoghi {
		codice, err := strconv.ParseInt(b.BelfioreCode[3*i:3*i+3], 32, 32)
		if err != nil {
			return nil, err
		}
		l := luogo{codice: fmt.Sprintf("%c%03d", 'A'+codice/1000, codice%1000), nome: ripara(nomi[i])}
		if l.dal, err = giorno(b.CreationDate[4*i : 4*i+4]); err != nil {
			return nil, err
		}
		if b.ExpirationDate != "" {
			if l.al, err = giorno(b.ExpirationDate[4*i : 4*i+4]); err != nil {
				return nil, err
			}
		}
		if l.estero() {
			l.dal = time.Time{} // the source has no beginnings of states
		} else {
			l.provincia = strings.TrimSpace(b.ProvinceOrCountry[2*i : 2*i+2])
		}
		luoghi[i] = l
	}
	return luoghi, nil
}

func giorno(base32 string) (time.Time, error) {
	n, err := strconv.ParseInt(base32, 32, 32)
	return time.Date(1861, 1, 1+int(n), 0, 0, 0, 0, time.UTC), err
}

// ripara mends a name whose UTF-8 was once read as Latin 1.
func ripara(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}
