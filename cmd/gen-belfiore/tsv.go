package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// tsv is the file: a line of sources, a line of columns, a line for each place.
func tsv(luoghi []luogo) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s, %s, %s; written by gen-belfiore: do not edit; licences in NOTICE\n", connettore, comuniJSON, istat2024)
	b.WriteString("# codice\tnome\tprovincia\tregione\tistat\tdal\tal\tpopolazione\tcap\n")
	for _, l := range luoghi {
		popolazione := ""
		if l.popolazione > 0 {
			popolazione = strconv.Itoa(l.popolazione)
		}
		campi := []string{l.codice, l.nome, l.provincia, l.regione, l.istat, data(l.dal), data(l.al), popolazione, intervalli(l.cap)}
		b.WriteString(strings.TrimRight(strings.Join(campi, "\t"), "\t") + "\n")
	}
	return b.Bytes()
}

func data(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// intervalli writes runs of CAP as 90121-90151, parted by commas.
func intervalli(postali []string) string {
	var parti []string
	for i := 0; i < len(postali); {
		j := i + 1
		for j < len(postali) && numero(postali[j]) == numero(postali[j-1])+1 {
			j++
		}
		if j-i > 1 {
			parti = append(parti, postali[i]+"-"+postali[j-1])
		} else {
			parti = append(parti, postali[i])
		}
		i = j
	}
	return strings.Join(parti, ",")
}

func numero(postale string) int {
	n, _ := strconv.Atoi(postale)
	return n
}
