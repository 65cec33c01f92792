package genera_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/belfiore"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/domain/operatore"
)

var (
	nel2026 = giorno.Data(2026, 3, 2)
	nel2022 = giorno.Data(2022, 9, 30)
)

func scritte(t testing.TB, n int, seed int64, al giorno.Giorno, formato importazione.Formato) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tracciato.Scrivi(&b, formato, genera.Domande(n, seed, al, genera.Palermo())); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSameSeedAndDayGiveTheSameBytes(t *testing.T) {
	for formato, want := range map[importazione.Formato]string{
		importazione.NDJSON: "cbdf5e7ac1af502bc7745e0dfb4b1f9db5d3e3cc87ac5eea3970ba349282f4cc",
		importazione.CSV:    "e3ef2dc1de9ac8e9409811bac76b478caaf9a37747d8fad396548e3ba57069ef",
	} {
		h := sha256.Sum256(scritte(t, 200, 1, nel2026, formato))
		if got := hex.EncodeToString(h[:]); got != want {
			t.Errorf("%s: the 200 domande of seed 1 are %s, want %s: demos that were started before would change", formato, got, want)
		}
	}
	uno := scritte(t, 50, 1, nel2026, importazione.NDJSON)
	if bytes.Equal(uno, scritte(t, 50, 2, nel2026, importazione.NDJSON)) || bytes.Equal(uno, scritte(t, 50, 1, nel2026-1, importazione.NDJSON)) {
		t.Error("another seed, or another day, gives the same")
	}
	if !bytes.HasPrefix(scritte(t, 80, 1, nel2026, importazione.NDJSON), uno) {
		t.Error("fewer are not the first of more")
	}
}

func TestWhatIsMadeUpIsAccepted(t *testing.T) {
	for _, al := range []giorno.Giorno{nel2026, nel2022, giorno.Data(2024, 1, 20), giorno.Data(2019, 3, 10)} {
		for _, formato := range []importazione.Formato{importazione.NDJSON, importazione.CSV} {
			want := slices.Collect(genera.Domande(600, 7, al, genera.Palermo()))
			var got []tracciato.Domanda
			for riga, err := range tracciato.Domande(bytes.NewReader(scritte(t, 600, 7, al, formato)), formato, al) {
				if err != nil || len(riga.Errori) > 0 || riga.Avvisi > 0 {
					t.Fatalf("%s, row %d: %v %v, %d warnings", al, riga.Numero, err, riga.Errori, riga.Avvisi)
				}
				if _, err := (caso.RiceviDomanda{Domanda: riga.Dati.Ricevuta(), Oggi: al}).Decide(caso.State{}); err != nil {
					t.Fatalf("%s, row %d: %v", al, riga.Numero, err)
				}
				got = append(got, riga.Dati)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: what is read is not what was written (-want +got):\n%s", formato, diff)
			}
		}
	}
}

// quote counts how often things happen.
type quote map[string]float64

func (q quote) se(cosa string, vero bool) {
	if vero {
		q[cosa]++
	}
}

func contate(al giorno.Giorno, n int) quote {
	q := quote{}
	persone := 0.0
	for d := range genera.Domande(n, 3, al, genera.Palermo()) {
		eta, media, alta := int(al-d.DataPresentazione), 30, 60
		if d.Misura == "ADI" {
			media, alta = 60, 90
		}
		q.se("alta", eta >= alta)
		q.se("media", eta >= media && eta < alta)
		q.se("bassa", eta < media)
		q.se(d.Misura, true)
		q.se("PAD", !d.DataSottoscrizionePAD.IsZero())
		q.se("solo", len(d.Componenti) == 1)
		q.se("Palermo", d.Comune == "G273")
		minori, disabili := false, false
		for _, c := range d.Componenti {
			persone++
			q.se("omocodi", codicefiscale.Codice(c.CodiceFiscale).Omocodo())
			q.se("nati all'estero", c.ComuneNascita[0] == 'Z')
			minori = minori || c.DataNascita.Anni(d.DataPresentazione) < 18
			disabili = disabili || c.Disabilita
		}
		q.se("minori", minori)
		q.se("disabili", disabili)
	}
	for cosa := range q {
		if cosa == "omocodi" || cosa == "nati all'estero" {
			q[cosa] /= persone
		} else {
			q[cosa] /= float64(n)
		}
	}
	q["persone"] = persone / float64(n)
	return q
}

func TestTheProportionsAreThoseThatWerePublished(t *testing.T) {
	comuni := quote{"alta": .2, "media": .3, "bassa": .5, "solo": .471, "Palermo": .875, "persone": 2.11, "omocodi": .01}
	rdc := quote{"minori": .31, "disabili": .17, "RDC": .9, "PDC": .1}
	adi := quote{"minori": .33, "disabili": .38, "ADI": 1, "PAD": .94}
	for al, sue := range map[giorno.Giorno]quote{nel2022: rdc, nel2026: adi} {
		got := contate(al, 20000)
		for _, want := range []quote{comuni, sue} {
			for cosa, q := range want {
				if tolleranza := max(.012, .06*q); math.Abs(got[cosa]-q) > tolleranza {
					t.Errorf("%s: %s %.3f, want %.3f", al, cosa, got[cosa], q)
				}
			}
		}
	}
}

func TestNoTwoPeopleShareATaxCode(t *testing.T) {
	visti := map[string]bool{}
	for d := range genera.Domande(20000, 5, nel2026, genera.Palermo()) {
		for _, c := range d.Componenti {
			if visti[c.CodiceFiscale] {
				t.Fatal("a tax code stands twice")
			}
			visti[c.CodiceFiscale] = true
		}
	}
}

func TestTheComuniOfTheDemoExist(t *testing.T) {
	for _, codice := range genera.Palermo().Comuni {
		if l, noto := belfiore.Cerca(codice); !noto || !l.Esiste() || l.Popolazione == 0 || len(l.CAP()) == 0 {
			t.Errorf("%s: %+v", codice, l)
		}
	}
}

func TestTheOperatorsCanBeAccredited(t *testing.T) {
	ambito := genera.Palermo()
	ruoli, codici, livelloC := map[domain.Ruolo]int{}, map[string]bool{}, 0
	for n, p := range genera.Persone(1, ambito) {
		if _, err := codicefiscale.Parse(p.CodiceFiscale); err != nil || codici[p.CodiceFiscale] {
			t.Errorf("person %d: %v", n, err)
		}
		codici[p.CodiceFiscale] = true
		st := operatore.Decider.Fold(operatore.State{}, operatore.Registrato{
			CodiceFiscale: p.CodiceFiscale, Cognome: p.Cognome, Nome: p.Nome, DataNascita: p.DataNascita, ComuneNascita: p.ComuneNascita,
			Genere: p.Sesso, Email: p.Email(), Telefono: genera.Centralino,
		})
		for _, r := range p.Ruoli {
			ruoli[r.Ruolo]++
			if r.Ruolo == domain.CaseManager && len(r.Territorio.Comuni) > 0 {
				livelloC++
			}
			eventi, err := operatore.Accredita{
				ID: id.New[id.Accreditamento](), Ruolo: r.Ruolo, Territorio: r.Territorio, Fondo: r.Fondo, Dal: nel2026, ComuniAmbito: ambito.Comuni, Oggi: nel2026,
				Adesioni:  operatore.Adesioni{Convenzionati: ambito.Comuni, Delegati: ambito.Comuni, Ente: true},
				Chi:       operatore.Accreditante{Ruolo: domain.SistemaInstallatore},
				Richiesta: operatore.Richiesta{Protocollo: "1", Data: nel2026, NotaPEC: "2", Documento: "CI 3"},
			}.Decide(st)
			if err != nil {
				t.Fatalf("person %d, %s: %v", n, r.Ruolo, err)
			}
			st = operatore.Decider.Fold(st, eventi...)
		}
	}
	want := map[domain.Ruolo]int{domain.SuperUtente: 1, domain.AmministratoreAmbito: 1, domain.CoordinatorePaIS: 3, domain.CaseManager: 25, domain.Auditor: 1,
		domain.ResponsabileIncontri: 1, domain.ReferenteSostegni: 1, domain.Analista: 1,
		domain.ResponsabileDati: 2, domain.ResponsabilePUC: 1, domain.ResponsabileSvantag: 1, domain.CoordinatoreControlli: 1, domain.ResponsabileControlli: 1}
	if diff := cmp.Diff(want, ruoli); diff != "" {
		t.Error(diff)
	}
	if livelloC < 15 || livelloC > 19 {
		t.Errorf("%d of 25 case managers work in some comuni only", livelloC)
	}
	if diff := cmp.Diff(genera.Persone(1, ambito), genera.Persone(1, ambito)); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkDomande(b *testing.B) {
	for range b.N {
		if err := tracciato.Scrivi(io.Discard, importazione.NDJSON, genera.Domande(10000, 1, nel2026, genera.Palermo())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*10000/b.Elapsed().Seconds(), "domande/s")
}

func BenchmarkLettura(b *testing.B) {
	for _, formato := range []importazione.Formato{importazione.NDJSON, importazione.CSV} {
		file := scritte(b, 10000, 1, nel2026, formato)
		b.Run(fmt.Sprint(formato), func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				for riga, err := range tracciato.Domande(bytes.NewReader(file), formato, nel2026) {
					if err != nil || len(riga.Errori) > 0 {
						b.Fatal(err, riga.Errori)
					}
				}
			}
			b.ReportMetric(float64(b.N)*10000/b.Elapsed().Seconds(), "domande/s")
		})
	}
}
