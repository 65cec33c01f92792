package inps_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"nucleo/cmd/nucleo/internal/inps"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

func TestTheSchemaIsTheOneThatIsPublished(t *testing.T) {
	nostro, err := os.ReadFile("formato.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	pubblicato, err := os.ReadFile("../../../../docs/formato-flusso-inps.schema.json")
	if err != nil || !bytes.Equal(nostro, pubblicato) {
		t.Errorf("docs/formato-flusso-inps.schema.json is not what documents are held to (%v)", err)
	}
}

func TestADocumentIsHeldToTheSchema(t *testing.T) {
	buona := inps.Voce{
		Tipo: flussoinps.Segnalazione, ID: id.New[id.Segnalazione](), IDDomanda: "INPS-ADI-2026-1", Ambito: "PA42", Categoria: caso.ADIAltro,
		DataFatto: giorno.Data(2026, 4, 20), Accertamento: giorno.Data(2026, 4, 21), Occorrenza: 1,
	}
	for about, x := range map[string]struct {
		cambia func(*inps.Voce)
		male   bool
	}{
		"whole":          {cambia: func(*inps.Voce) {}},
		"about a person": {cambia: func(v *inps.Voce) { v.CodiceFiscale = "RSSPNI80A01G273X" }},
		"a correction": {cambia: func(v *inps.Voce) {
			*v = inps.Voce{Tipo: flussoinps.Rettifica, ID: v.ID, IDDomanda: v.IDDomanda, Protocollo: "P"}
		}},
		"a correction of nothing": {cambia: func(v *inps.Voce) { *v = inps.Voce{Tipo: flussoinps.Rettifica, ID: v.ID, IDDomanda: v.IDDomanda} }, male: true},
		"without ambito":          {cambia: func(v *inps.Voce) { v.Ambito = "" }, male: true},
		"with a broken tax code":  {cambia: func(v *inps.Voce) { v.CodiceFiscale = "PINGUINO" }, male: true},
		"without occurrence":      {cambia: func(v *inps.Voce) { v.Occorrenza = 0 }, male: true},
		"of another kind":         {cambia: func(v *inps.Voce) { v.Tipo = "ALTRO" }, male: true},
	} {
		v := buona
		x.cambia(&v)
		_, err := inps.Documento{Formato: inps.Formato, Flusso: "20260504-1", Voci: []inps.Voce{v}}.Scrivi()
		if (err != nil) != x.male || err != nil && strings.Contains(err.Error(), "PINGUINO") {
			t.Errorf("%s: %v", about, err)
		}
	}
}
