package fascicolo

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
)

func TestABundleThatNobodyChangedHolds(t *testing.T) {
	r := nuovo(t, 1)
	for _, aperto := range []bool{false, true} {
		b := r.scritto(t, r.contenuto(t, flusso, aperto))
		for _, chiavi := range []bool{false, true} {
			credute := r.chiavi
			if !chiavi {
				credute = nil
			}
			e, err := Verifica(bytes.NewReader(b), credute)
			if err != nil {
				t.Fatal(err)
			}
			if e.Flusso != flusso || e.Eventi != 7 || e.Sigillo.Dimensione != 10 || (e.Apertura != nil) != aperto || (e.Aperti == 1) != aperto || e.Propria == chiavi || e.Firma.Name() != "nucleo-esempio" {
				t.Errorf("opened %v, keys named %v: %+v", aperto, chiavi, e)
			}
		}
		if !bytes.Equal(b, r.scritto(t, r.contenuto(t, flusso, aperto))) {
			t.Error("the same content makes other bytes")
		}
		if contiene := bytes.Contains(b, []byte("ANNA")); contiene != aperto {
			t.Errorf("opened %v, and the name of the person is in it: %v", aperto, contiene)
		}
	}
}

// What was destroyed has no opening, and what is not opened stays sealed.
func TestWhatWasDestroyedIsNotOpened(t *testing.T) {
	r := nuovo(t, 1)
	f := r.contenuto(t, flusso, true)
	dette, err := eventstore.NewKeys(cassetto{distrutta: uuid.UUID{3: 1}}).Disclose(t.Context(), f.Eventi)
	if err != nil {
		t.Fatal(err)
	}
	f.Aperti = []Aperto{{2, dette[1]}}
	b := r.scritto(t, f)
	e, err := Verifica(bytes.NewReader(b), r.chiavi)
	if err != nil || e.Aperti != 1 || bytes.Contains(b, []byte("ANNA")) || !bytes.Contains(b, []byte("vive sola")) {
		t.Errorf("%+v %v", e, err)
	}
}

// colpo is a change to a bundle, and what is said of it.
type colpo struct {
	nome     string
	colpisci func(t *testing.T, r *registro, file map[string][]byte)
	genere   sigilli.Genere
	numero   uint64
	dice     string
}

// sulle changes the lines of a file.
func sulle(nome string, fai func([]string) []string) func(*testing.T, *registro, map[string][]byte) {
	return func(_ *testing.T, _ *registro, file map[string][]byte) {
		file[nome] = []byte(strings.Join(fai(righe(file[nome])), ""))
	}
}

func sulla(nome string, n int, da, a string) func(*testing.T, *registro, map[string][]byte) {
	return sulle(nome, func(r []string) []string { r[n] = strings.Replace(r[n], da, a, 1); return r })
}

// numera gives lines the numbers of their places.
func numera(r []string) []string {
	for i := range r {
		_, resto, _ := strings.Cut(r[i], ",")
		r[i] = `{"versione":` + string(rune('1'+i)) + "," + resto
	}
	return r
}

func entrambi(fai func([]string) []string) func(*testing.T, *registro, map[string][]byte) {
	return func(t *testing.T, r *registro, file map[string][]byte) {
		sulle(fileEventi, fai)(t, r, file)
		sulle(fileProve, fai)(t, r, file)
	}
}

var colpi = []colpo{
	{"data edited", sulla(fileEventi, 2, "perch", "perck"), sigilli.Modificato, 3, "edited data"},
	{"metadata edited", sulla(fileEventi, 2, "CASE_MANAGER", "COORDINATORE_PAIS"), sigilli.Modificato, 3, "edited data"},
	{"type edited", sulla(fileEventi, 3, "ProvaNota", "ProvaFine"), sigilli.Modificato, 4, "edited data"},
	{"a sealed value edited", sulla(fileEventi, 1, "M2hmWZ", "M2hmWY"), sigilli.Modificato, 2, ""},
	{"an event deleted", sulle(fileEventi, func(r []string) []string { return slices.Delete(r, 3, 4) }), sigilli.Tolto, 4, ""},
	{"an event deleted, with its proof, renumbered", entrambi(func(r []string) []string { return numera(slices.Delete(r, 3, 4)) }), sigilli.Tolto, 4, ""},
	{"an event inserted", sulle(fileEventi, func(r []string) []string { return numera(slices.Insert(r, 3, r[1])) }), sigilli.Inserito, 4, ""},
	{"two events swapped", sulle(fileEventi, func(r []string) []string { r[2], r[3] = r[3], r[2]; return numera(r) }), sigilli.Scambiato, 3, ""},
	{"the end cut off", sulle(fileEventi, func(r []string) []string { return r[:5] }), sigilli.Troncato, 0, "proofs of 2 events"},
	{"the end cut off, with its proofs", entrambi(func(r []string) []string { return r[:5] }), sigilli.Troncato, 0, "had"},
	{"all events taken away", entrambi(func([]string) []string { return nil }), sigilli.Troncato, 0, "no event"},
	{"a line cut off", sulle(fileEventi, func(r []string) []string { r[6] = r[6][:40]; return r }), sigilli.Danneggiato, 0, "line 7"},
	{"a line spelled otherwise", sulla(fileEventi, 2, ":", ": "), sigilli.Danneggiato, 0, "line 3"},
	{"written anew, the chain too", riscritto, sigilli.ProvaFalsa, 3, "does not lead"},
	{"the proof of another case", proveAltrui, sigilli.ProvaFalsa, 2, "does not lead"},
	{"a proof deleted", sulle(fileProve, func(r []string) []string { return r[:6] }), sigilli.ProvaFalsa, 0, "no proof of the last 1"},
	{"two proofs swapped", sulle(fileProve, func(r []string) []string { r[2], r[3] = r[3], r[2]; return numera(r) }), sigilli.ProvaFalsa, 3, ""},
	{"two lines of proofs swapped", sulle(fileProve, func(r []string) []string { r[2], r[3] = r[3], r[2]; return r }), sigilli.ProvaFalsa, 0, "line 3"},
	{"an earlier seal", func(_ *testing.T, r *registro, f map[string][]byte) { f[fileSigillo] = []byte(r.prima) }, sigilli.ProvaFalsa, 1, ""},
	{"the seal edited", sulla(fileSigillo, 1, "10", "11"), sigilli.SigilloFalso, 0, fileSigillo},
	{"the page edited", sulla(filePagina, 1, "Perché no", "Perché sì"), sigilli.Modificato, 0, filePagina},
	{"the page cut off", sulle(filePagina, func(r []string) []string { return r[:1] }), sigilli.Troncato, 0, filePagina},
	{"the manifest edited", sulla(fileManifesto, 5, "10", "11"), sigilli.Modificato, 0, fileManifesto},
	{"the signature edited", sulla(fileFirma, 1, "0", "1"), sigilli.SigilloFalso, 0, fileFirma},
	{"the keys edited", sulla(fileChiavi, 0, "nucleo", "Nucleo"), sigilli.Modificato, 0, fileChiavi},
	{"what is opened edited", sulla(fileAperti, 0, "ANNA", "ANNO"), sigilli.ProvaFalsa, 2, fileAperti},
	{"an opening edited", sulla(fileAperti, 0, `chiave":"`, `chiave":"A`), sigilli.Danneggiato, 0, fileAperti},
	{"what is opened, said of another event", sulla(fileAperti, 0, `versione":2`, `versione":3`), sigilli.ProvaFalsa, 3, fileAperti},
	{"what is opened taken away", func(_ *testing.T, _ *registro, f map[string][]byte) { delete(f, fileAperti) }, sigilli.Tolto, 0, fileAperti},
	{"the page taken away", func(_ *testing.T, _ *registro, f map[string][]byte) { delete(f, filePagina) }, sigilli.Tolto, 0, filePagina},
	{"signed by another", altraFirma, sigilli.SigilloFalso, 0, fileFirma},
	{"put together anew by another", altroRegistro, sigilli.SigilloFalso, 0, fileFirma},
	{"the events of another case", casoAltrui, sigilli.Modificato, 1, ""},
}

func riscritto(t *testing.T, r *registro, file map[string][]byte) {
	var fuori []byte
	var at domain.Head
	letti, err := leggiEventi(file[fileEventi], flusso)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range letti {
		if e.Version == 3 {
			e.Data = []byte(`{"testo":"altro","numero":3}`)
		}
		e, at = storetest.Rechain(e, at)
		riga, err := rigaEvento(e)
		if err != nil {
			t.Fatal(err)
		}
		fuori = append(fuori, riga...)
	}
	file[fileEventi] = fuori
}

func proveAltrui(t *testing.T, r *registro, file map[string][]byte) {
	sulle(fileProve, func(righe []string) []string {
		righe[1] = string(rigaProva(2, r.prova(t, 4)))
		return righe
	})(t, r, file)
}

func altraFirma(t *testing.T, r *registro, file map[string][]byte) {
	f, err := apri(nuovo(t, 2).scritto(t, nuovo(t, 2).contenuto(t, flusso, true)))
	if err != nil {
		t.Fatal(err)
	}
	file[fileFirma] = f[fileFirma]
}

func altroRegistro(t *testing.T, r *registro, file map[string][]byte) {
	f, err := apri(nuovo(t, 2).scritto(t, nuovo(t, 2).contenuto(t, flusso, true)))
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(file, f)
}

func casoAltrui(t *testing.T, r *registro, file map[string][]byte) {
	f, err := apri(r.scritto(t, r.contenuto(t, altro, false)))
	if err != nil {
		t.Fatal(err)
	}
	file[fileEventi], file[fileProve] = f[fileEventi], f[fileProve]
}

func TestEveryChangeToABundleIsFoundAndNamed(t *testing.T) {
	for _, c := range colpi {
		t.Run(c.nome, func(t *testing.T) {
			r := nuovo(t, 1)
			file, err := apri(r.scritto(t, r.contenuto(t, flusso, true)))
			if err != nil {
				t.Fatal(err)
			}
			c.colpisci(t, r, file)
			b, err := comprimi(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Verifica(bytes.NewReader(b), r.chiavi)
			var a *sigilli.Alterazione
			if !errors.As(err, &a) || a.Genere != c.genere || a.Numero != c.numero || !strings.Contains(err.Error(), c.dice) {
				t.Errorf("%v, want event %d %s %q", err, c.numero, c.genere, c.dice)
			}
		})
	}
}

// Who holds the key can sign anew: what the seals and the sealed data prove
// still holds the bundle to what was written.
func TestTheKeyAloneDoesNotMakeABundle(t *testing.T) {
	r := nuovo(t, 1)
	for nome, cambia := range map[string]func(*Fascicolo){
		"another opened text": func(f *Fascicolo) {
			f.Aperti[0].Data = bytes.Replace(f.Aperti[0].Data, []byte("ANNA"), []byte("ANNO"), 1)
		},
		"opened, and by no decision": func(f *Fascicolo) { f.Apertura = nil },
		"an event edited":            func(f *Fascicolo) { f.Eventi[2].Data = []byte(`{"testo":"altro","numero":3}`) },
		"the proof of another":       func(f *Fascicolo) { f.Prove[2] = r.prova(t, 1) },
		"an opening of another subject": func(f *Fascicolo) {
			f.Aperti[0].Openings[0].Subject = f.Aperti[0].Openings[1].Subject
		},
	} {
		f := r.contenuto(t, flusso, true)
		f.Eventi = slices.Clone(f.Eventi)
		cambia(&f)
		var a *sigilli.Alterazione
		if _, err := Verifica(bytes.NewReader(r.scritto(t, f)), r.chiavi); !errors.As(err, &a) {
			t.Errorf("%s: %v", nome, err)
		}
	}
}

func TestHostileArchivesAreRefused(t *testing.T) {
	r := nuovo(t, 1)
	b := r.scritto(t, r.contenuto(t, flusso, false))
	file, err := apri(b)
	if err != nil {
		t.Fatal(err)
	}
	con := func(metodo uint16, nomi ...string) []byte {
		var fuori bytes.Buffer
		z := zip.NewWriter(&fuori)
		for _, nome := range nomi {
			w, err := z.CreateHeader(&zip.FileHeader{Name: nome, Method: metodo})
			if err != nil {
				t.Fatal(err)
			}
			_, _ = w.Write(file[nome])
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return fuori.Bytes()
	}
	tutti := slices.DeleteFunc(slices.Clone(nomi), func(n string) bool { return n == fileAperti })
	for nome, c := range map[string]struct {
		b    []byte
		dice string
	}{
		"not a ZIP file":                 {[]byte("PK, or not"), "not a whole ZIP"},
		"empty":                          {nil, "not a whole ZIP"},
		"cut off":                        {b[:len(b)-30], "not a whole ZIP"},
		"a path out of the folder":       {con(zip.Store, "../../etc/passwd"), "no bundle has"},
		"an absolute path":               {con(zip.Store, "/etc/passwd"), "no bundle has"},
		"a file twice":                   {con(zip.Store, append(slices.Clone(tutti), fileEventi)...), "twice"},
		"compressed":                     {con(zip.Deflate, tutti...), "packed anew"},
		"packed anew":                    {con(zip.Store, tutti...), "packed anew"},
		"bytes before it":                {append([]byte("MZ"), b...), "what Nucleo writes"},
		"bytes after it":                 {append(slices.Clone(b), "tail"...), ""},
		"a program in the comment":       {commento(b), "what Nucleo writes"},
		"a checksum that is not its own": {crc(b), "what Nucleo writes"},
	} {
		_, err := Verifica(bytes.NewReader(c.b), r.chiavi)
		var a *sigilli.Alterazione
		if !errors.As(err, &a) || a.Genere != sigilli.Danneggiato || !strings.Contains(err.Error(), c.dice) {
			t.Errorf("%s: %v", nome, err)
		}
	}
	if _, err := Verifica(&senzaFine{}, r.chiavi); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Error("a file without end:", err)
	}
}

// senzaFine is a file that does not end.
type senzaFine struct{}

func (*senzaFine) Read(p []byte) (int, error) { return len(p), nil }

func commento(b []byte) []byte {
	b = slices.Clone(b)
	b[len(b)-2] = 2
	return append(b, "hi"...)
}

func crc(b []byte) []byte {
	b = slices.Clone(b)
	i := bytes.Index(b, []byte("PK\x01\x02"))
	b[i+16] ^= 1
	return b
}

// No bit of a bundle can be flipped unseen.
func TestNoBitOfABundleCanBeFlipped(t *testing.T) {
	r := nuovo(t, 1)
	b := r.scritto(t, r.contenuto(t, flusso, true))
	passo := 1
	if os.Getenv("NUCLEO_LONG") == "" {
		passo = len(b) * 8 / 400
	}
	provati := 0
	for bit := rand.IntN(passo); bit < len(b)*8; bit += passo {
		altro := slices.Clone(b)
		altro[bit/8] ^= 1 << (bit % 8)
		if _, err := Verifica(bytes.NewReader(altro), r.chiavi); err == nil {
			t.Errorf("bit %d of byte %d flipped, and nobody notices", bit%8, bit/8)
		}
		provati++
	}
	t.Logf("METRIC bundle bit flips=%d of %d, all found", provati, len(b)*8)
}
