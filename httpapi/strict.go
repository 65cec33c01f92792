package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep a JSON body nests.
const maxDepth = 32

var (
	errJSON           = problem(400, "richiesta.json_non_valido", "the body is not one JSON object in UTF-8")
	errChiaveDoppia   = problem(400, "richiesta.campo_ripetuto", "the body holds a field twice")
	errCampoNonValido = problem(400, "richiesta.campo_non_valido", "a field does not hold what it should")
	errCampoIgnoto    = problem(400, "richiesta.campo_sconosciuto", "the body holds a field that this path does not know: see /openapi.json")
	errTroppoAnnidato = problem(400, "richiesta.troppo_annidata", "the body nests too deep")
)

// strict refuses JSON that two readers could understand differently: fields
// given twice, text that is not UTF-8, anything after the value, NUL.
// Fields that differ from known ones in case are refused by the contract.
func strict(corpo []byte) error {
	if !utf8.Valid(corpo) {
		return errJSON
	}
	d := json.NewDecoder(bytes.NewReader(corpo))
	d.UseNumber()
	if err := value(d, 0); err != nil {
		var p *Problem
		if errors.As(err, &p) {
			return err
		}
		return errJSON
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errJSON
	}
	return nil
}

func value(d *json.Decoder, profondita int) error {
	if profondita > maxDepth {
		return errTroppoAnnidato
	}
	t, err := d.Token()
	if err != nil {
		return err
	}
	if s, ok := t.(string); ok && !text(s) {
		return errJSON
	}
	switch t {
	case json.Delim('{'):
		return object(d, profondita)
	case json.Delim('['):
		for d.More() {
			if err := value(d, profondita+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
	}
	return err
}

// text refuses NUL, and the sign that stands for half a character: a lone
// surrogate reads as that.
func text(s string) bool { return !strings.ContainsAny(s, "\x00\uFFFD") }

func object(d *json.Decoder, profondita int) error {
	visti := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		nome, _ := t.(string)
		if !text(nome) {
			return errJSON
		}
		if visti[nome] {
			return errChiaveDoppia
		}
		visti[nome] = true
		if err := value(d, profondita+1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// bodyError says why a body could not be read.
func bodyError(err error) error {
	var grande *http.MaxBytesError
	switch {
	case errors.As(err, &grande):
		return errCorpoTroppoGrande
	case errors.Is(err, errTroppoLenta), errors.Is(err, os.ErrDeadlineExceeded):
		return errTroppoLenta
	}
	return problem(400, "richiesta.corpo_interrotto", "the body ended early")
}

// jsonError says what is wrong with a body, without quoting it.
func jsonError(err error) error {
	var tipo *json.UnmarshalTypeError
	if errors.As(err, &tipo) {
		p := *errCampoNonValido
		p.Campo = tipo.Field
		return &p
	}
	var sintassi *json.SyntaxError
	if errors.As(err, &sintassi) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errJSON
	}
	if strings.HasPrefix(err.Error(), "json: unknown field") {
		return errCampoIgnoto
	}
	return errCampoNonValido
}
