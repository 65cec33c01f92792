package domain_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/ambito"
	"nucleo/domain/apertura"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/conservazione"
	"nucleo/domain/distribuzione"
	"nucleo/domain/flussoinps"
	"nucleo/domain/importazione"
	"nucleo/domain/massivo"
	"nucleo/domain/oblio"
	"nucleo/domain/operatore"
	"nucleo/domain/personale"
	"nucleo/domain/processo"
	"nucleo/domain/sistema"
	"nucleo/domain/vincolo"
)

var aggregates = []domain.Aggregate{caso.Aggregate, operatore.Aggregate, ambito.Aggregate, importazione.Aggregate, flussoinps.Aggregate, distribuzione.Aggregate, processo.Aggregate, massivo.Aggregate, accesso.Aggregate, allarme.Aggregate, conservazione.Aggregate, apertura.Aggregate, sistema.Aggregate, cancellazione.Aggregate, oblio.Aggregate, vincolo.Aggregate}

// componente are the personal fields of one person of a nucleo.
var componente = []string{
	"codice_fiscale codice_fiscale", "cognome nome", "nome nome", "sesso dato", "data_nascita dato", "comune_nascita dato", "nazionalita dato",
	"relazione_parentale dato", "convivente dato", "disabilita dato", "grado_disabilita dato", "condizione_occupazionale dato",
	"periodo_disoccupazione_mesi dato", "naspi dato", "did_firmata dato", "stato_patto_lavoro dato", "studente dato", "titolo_studio dato",
	"qualifica_professionale dato", "titolo_soggiorno dato", "tenuto_agli_obblighi dato", "stato_beneficio dato",
	"telefono recapito", "cellulare recapito", "email recapito",
}

// The personal fields of a section of an AP or QA, and of an obiettivo.
var (
	sezione   = []string{"punteggio dato", "contenuto.testo testo", "contenuto.voci.valore testo"}
	obiettivo = []string{"ambito dato", "descrizione testo", "risultati.descrizione testo"}
)

// personali lists, by hand, every field of a stored event that holds personal
// data, with its kind. A field that is added or loses its tag shows up here.
var personali = map[string][]string{
	"DomandaRicevuta": slices.Concat([]string{"indirizzo.via via"}, in("componenti.", componente), []string{
		"isee dato", "importo_mensile dato", "presenza_minori dato", "presenza_disabili dato",
		"recapiti.telefono recapito", "recapiti.cellulare recapito", "recapiti.email recapito",
	}),
	"ComposizioneNucleoAggiornata":  slices.Concat(in("aggiunti.", componente), []string{"rimossi.motivo dato"}, in("modificati.", componente)),
	"CasoTrasferito":                {"indirizzo.via via"},
	"CasoAssegnato":                 {"motivo testo"},
	"CasoRiassegnato":               {"motivo testo"},
	"AssegnazioneAnnullata":         {"nota testo"},
	"AutoapprovazioneVietata":       {"nota testo"},
	"AutoapprovazioneConsentita":    {"nota testo"},
	"RecapitiAggiornati":            {"telefono recapito", "cellulare recapito", "email recapito"},
	"BeneficioSospeso":              {"causale dato"},
	"BeneficioRipristinato":         {"causale dato"},
	"BeneficioDecaduto":             {"causale dato"},
	"BeneficioTerminato":            {"causale dato"},
	"DecurtazioneComunicata":        {"mensilita dato"},
	"CasoChiuso":                    {"motivazione testo"},
	"CasoRiaperto":                  {"motivazione testo"},
	"SezioneAPSalvata":              sezione,
	"AnalisiPreliminareFinalizzata": {"motivazione testo", "inviato_a.tipo dato", "inviato_a.codice dato"},
	"AnalisiPreliminareRiaperta":    {"motivazione testo"},
	"RientroDaServizioRegistrato":   {"motivazione testo"},
	"EquipeComposta":                {"membri.nome nome"},
	"SezioneQASalvata":              sezione,
	"QuadroAnalisiFinalizzato":      {"sintesi testo"},
	"QuadroAnalisiRiaperto":         {"motivazione testo"},
	"ObiettivoDefinito":             obiettivo,
	"ObiettivoModificato":           obiettivo,
	"ImpegnoDefinito":               {"tipo dato", "descrizione testo", "frequenza testo"},
	"ImpegnoModificato":             {"tipo dato", "descrizione testo", "frequenza testo"},
	"SostegnoPrevisto":              {"tipo dato", "erogatore dato", "quantita dato"},
	"SostegnoModificato":            {"tipo dato", "erogatore dato", "quantita dato"},
	"PaISNonSottoscritto":           {"motivazione testo"},
	"PaISRidefinizioneAvviata":      {"motivazione testo"},
	"SostegnoAttivato":              {"nota testo"},
	"SostegnoSospeso":               {"nota testo"},
	"SostegnoConcluso":              {"nota testo"},
	"SostegnoRevocato":              {"nota testo"},
	"EsoneroRegistrato":             {"motivo dato", "documento testo"},
	"EsoneroRevocato":               {"motivazione testo"},
	"OperatoreRegistrato": {
		"codice_fiscale codice_fiscale", "cognome nome", "nome nome", "data_nascita dato", "comune_nascita dato", "genere dato", "email recapito", "telefono recapito",
	},
	"RuoloAccreditato.v2":            {"richiesta.documento dato"},
	"ConvenzioneSottoscritta.v2":     {"firmatario nome"},
	"RuoloModificato.v2":             {"richiesta.documento dato"},
	"AccreditamentoSospeso":          {"motivo testo"},
	"AccreditamentoRiattivato":       {"motivo testo"},
	"OperatoreSospeso":               {"motivo testo"},
	"OperatoreRiattivato":            {"motivo testo"},
	"NascitaOperatoreCompletata":     {"data_nascita dato", "comune_nascita dato", "genere dato"},
	"RecapitiOperatoreAggiornati":    {"email recapito", "telefono recapito"},
	"RuoloRevocato":                  {"motivo testo"},
	"IndisponibilitaRegistrata":      {"motivo dato"},
	"IncontroPianificato":            {"luogo testo"},
	"IncontroRinviato":               {"motivo testo"},
	"IncontroAnnullato":              {"motivo testo"},
	"IncontroRegistrato":             {"motivazione testo"},
	"IncontroValutato":               {"risultati.valutazione dato", "impegni.valutazione dato", "note testo"},
	"ImpegnoValutato":                {"valutazione dato", "nota testo"},
	"ProtezioneRevocata":             {"motivo dato"},
	"ProtezioneDisposta":             {"motivo dato"},
	"AnnotazioneInserita":            {"testo testo"},
	"SegnalazioneProposta":           {"dettaglio testo", "allegati.nome testo"},
	"SegnalazioneRitirata":           {"motivazione testo"},
	"SegnalazioneApprovata":          {"nota testo"},
	"SegnalazioneRifiutata":          {"motivazione testo"},
	"InvioSegnalazioneAnnullato":     {"motivazione testo"},
	"InvioSegnalazioneFallito":       {"errore testo"},
	"SegnalazioneRettificata":        {"motivazione testo"},
	"ComunicazioneAccodata":          {"testo testo"},
	"ComunicazioneConsegnata":        {"esito testo"},
	"ComunicazioneFallita":           {"esito testo"},
	"ComunicazioneFormaleRegistrata": {"numero testo"},
}

func in(prefix string, fields []string) (prefixed []string) {
	for _, f := range fields {
		prefixed = append(prefixed, prefix+f)
	}
	return prefixed
}

func TestEveryPersonalFieldOfEveryEventIsKnown(t *testing.T) {
	found := map[string][]string{}
	for _, e := range storedEvents(t) {
		if fields := tagged(reflect.TypeOf(e), ""); len(fields) > 0 {
			found[e.EventType()] = fields
		}
	}
	if diff := cmp.Diff(personali, found); diff != "" {
		t.Errorf("by hand (-) and by tag (+)\n%s", diff)
	}
}

// TestAMaskedEventTellsNothing masks the golden files, whose fields are all
// filled, and looks for what they said.
func TestAMaskedEventTellsNothing(t *testing.T) {
	for _, e := range storedEvents(t) {
		masked, found := personale.Di(domain.Recorded{Event: e})
		if found != (len(personali[e.EventType()]) > 0) {
			t.Errorf("%s: found personal data: %v", e.EventType(), found)
		}
		hidden := masked.(domain.Recorded).Event
		texts := leaves(t, hidden)
		for _, clear := range clears(reflect.ValueOf(e), "") {
			if slices.ContainsFunc(texts, func(s string) bool { return s == clear || len(clear) > 3 && strings.Contains(s, clear) }) {
				t.Errorf("%s still says %q", e.EventType(), clear)
			}
		}
		if found && reflect.DeepEqual(hidden, e) {
			t.Errorf("%s is not masked", e.EventType())
		}
		checkMasked(t, e.EventType(), reflect.ValueOf(e), reflect.ValueOf(hidden))
	}
}

// checkMasked compares an event with its masked copy: what is tagged differs,
// all else is the same.
func checkMasked(t *testing.T, path string, clear, masked reflect.Value) {
	switch clear.Kind() {
	case reflect.Struct:
		for i := range clear.NumField() {
			f := clear.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			if f.Tag.Get(personale.Tag) == "" {
				checkMasked(t, path+"."+f.Name, clear.Field(i), masked.Field(i))
			} else if reflect.DeepEqual(clear.Field(i).Interface(), masked.Field(i).Interface()) {
				t.Errorf("%s.%s is not masked", path, f.Name)
			}
		}
	case reflect.Slice:
		for i := range clear.Len() {
			checkMasked(t, fmt.Sprintf("%s[%d]", path, i), clear.Index(i), masked.Index(i))
		}
	default:
		if !reflect.DeepEqual(clear.Interface(), masked.Interface()) {
			t.Errorf("%s was masked though no tag says so", path)
		}
	}
}

// storedEvents are the golden files of every aggregate.
func storedEvents(t *testing.T) (events []domain.Event) {
	t.Helper()
	catalog := domain.NewCatalog(aggregates...)
	for _, name := range catalog.Types() {
		files, err := filepath.Glob(filepath.Join("*", "testdata", "events", name+".json"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s has the golden files %v, %v", name, files, err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		e, err := catalog.Decode(name, data)
		if err != nil {
			t.Fatal(err)
		}
		if e.EventType() == name { // not an old shape, which fills only what it knew
			events = append(events, e)
		}
	}
	return events
}

// tagged lists the tagged fields of a type by their names in JSON.
func tagged(typ reflect.Type, prefix string) (found []string) {
	for typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return nil
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name := jsonName(f)
		if kind := f.Tag.Get(personale.Tag); kind != "" {
			found = append(found, prefix+name+" "+kind)
			continue
		}
		inner := prefix + name + "."
		if f.Anonymous {
			inner = prefix
		}
		found = append(found, tagged(f.Type, inner)...)
	}
	return found
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// clears are the texts of the tagged fields of a value.
func clears(v reflect.Value, kind string) (found []string) {
	switch v.Kind() {
	case reflect.String:
		if kind != "" {
			found = append(found, v.String())
		}
	case reflect.Slice:
		for i := range v.Len() {
			found = append(found, clears(v.Index(i), kind)...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				found = append(found, clears(v.Field(i), f.Tag.Get(personale.Tag))...)
			}
		}
	default:
		if s, ok := v.Interface().(fmt.Stringer); ok && kind != "" {
			found = append(found, s.String())
		}
	}
	return found
}

// leaves are the texts of an event in JSON.
func leaves(t *testing.T, e domain.Event) (texts []string) {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(x any) {
		switch x := x.(type) {
		case string:
			texts = append(texts, x)
		case []any:
			for _, y := range x {
				walk(y)
			}
		case map[string]any:
			for _, y := range x {
				walk(y)
			}
		}
	}
	walk(tree)
	return texts
}
