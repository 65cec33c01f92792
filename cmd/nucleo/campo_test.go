package main

import (
	"strings"
	"testing"
)

func TestAFieldIsFoundByItsPath(t *testing.T) {
	const corpo = `{"items":[{"id":"a b","n":12345678901234567890},{"id":"c"}],"vero":true,"niente":null}`
	for path, vuole := range map[string]string{
		"items.0.id": "a b", "items.0.n": "12345678901234567890", "items.1": `{"id":"c"}`, "vero": "true", "niente": "null",
		"items.2": "-", "items.x": "-", "items.-1": "-", "altro": "-", "vero.falso": "-",
	} {
		testo, trovato, err := campo(strings.NewReader(corpo), path)
		if !trovato {
			testo = "-"
		}
		if err != nil || testo != vuole {
			t.Errorf("%s: %q %v, want %q", path, testo, err, vuole)
		}
	}
	if _, _, err := campo(strings.NewReader("<html>"), "items"); err == nil {
		t.Error("what is not JSON is read")
	}
}
