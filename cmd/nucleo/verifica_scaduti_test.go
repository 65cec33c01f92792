package main

import (
	"context"
	"crypto/rand"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/sistema"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
)

// scavato is a log from which a cluster has scavenged what it deleted.
type scavato struct {
	sigilli.Registro
	via func(eventstore.Stored) bool
}

func (s scavato) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for e, err := range s.Registro.All(ctx, after, resumed) {
			if (err != nil || !s.via(e)) && !yield(e, err) {
				return
			}
		}
	}
}

// Months of the access log that expired may be gone from the log, and no more than
// that: events say which these are.
func TestMonthsThatExpiredAreNotReadAsDeletions(t *testing.T) {
	s := nuoviSecoli(t)
	anna := id.New[id.Operatore]()
	maggio := time.Date(2026, 5, 4, 10, 0, 0, 0, roma)
	s.guarda(t, anna, "PA42", maggio, 3)
	s.guarda(t, anna, "AG01", maggio.AddDate(0, 1, 0), 2)
	s.guarda(t, anna, "PA42", maggio.AddDate(2, 1, 0), 2) // kept
	foglie, v := s.sigilla(t)
	s.alle(maggio.AddDate(2, 2, 0))
	conserva := policies.Conservazione{Comandi: s.comandi, Registri: s.sguardi, Archivio: s.archivio, Segnalibri: s.segni, Adesso: s.Adesso, Zona: roma}
	if err := conserva.Scade(t.Context()); err != nil {
		t.Fatal(err)
	}
	v.NumeroFoglie = int64(len(foglie))
	v.Foglie = func(_ context.Context, da, n int64) ([]sigilli.Hash, error) { return foglie[da : da+n], nil }
	var err error
	if v.Scaduti, err = scadutiDa(t.Context(), s.archivio); err != nil || len(v.Scaduti) != 2 {
		t.Fatal(v.Scaduti, err)
	}
	scaduto := func(e eventstore.Stored) bool { _, si := v.Scaduti[e.Stream]; return si }
	v.Registro = scavato{s.archivio, scaduto}
	esito, err := v.Esegui(t.Context())
	if err != nil || esito.Scaduti != 5 || esito.FlussiScaduti != 2 {
		t.Errorf("%+v %v", esito, err)
	}
	s.scavaDavvero(t, v)
	v.Registro = scavato{s.archivio, func(e eventstore.Stored) bool {
		return scaduto(e) || strings.HasPrefix(e.Stream, "accesso-PA42-202806-") && e.Version == 2
	}}
	if _, err := v.Esegui(t.Context()); err == nil {
		t.Error("a month that is kept lost a record, and nobody is told")
	}
}

// scavaDavvero has the node remove what expired from its file: the log and its index are
// whole without.
func (s *secoli) scavaDavvero(t *testing.T, v sigilli.Verifica) {
	t.Helper()
	var detto strings.Builder
	if err := scavenge(t.Context(), s.nodo.Address(), &detto); err != nil || !strings.HasPrefix(detto.String(), "5 events of 2 streams removed") {
		t.Fatal(detto.String(), err)
	}
	v.Scaduti = nil
	prova := &verifica{impianto: s.impianto}
	_, err := prova.passa(t.Context(), v)
	if err == nil {
		t.Fatal("events are gone from the file, and nobody is told")
	}
	esito, err := prova.senzaScaduti(t.Context(), v, err)
	if err != nil || esito.Scaduti != 5 || esito.FlussiScaduti != 2 {
		t.Errorf("%+v %v", esito, err)
	}
}

// sigilla seals all that was written, and answers the leaves and the check.
func (s *secoli) sigilla(t *testing.T) (foglie []sigilli.Hash, v sigilli.Verifica) {
	t.Helper()
	segreta, pubblica, err := sigilli.NuovaChiave(rand.Reader, "prova")
	if err != nil {
		t.Fatal(err)
	}
	firma, err := note.NewSigner(segreta)
	if err != nil {
		t.Fatal(err)
	}
	if v.Chiavi, err = sigilli.Chiavi(pubblica); err != nil {
		t.Fatal(err)
	}
	var albero sigilli.Albero
	var ultima uint64
	for e, err := range s.archivio.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		foglie, ultima = append(foglie, sigilli.Foglia(e)), e.Position
		albero.Aggiungi(sigilli.Foglia(e))
	}
	nota, err := sigilli.Firma(sigilli.Checkpoint{Origine: "prova", Dimensione: albero.Dimensione(), Radice: albero.Radice()}, firma)
	if err != nil {
		t.Fatal(err)
	}
	meta := domain.Meta{Comando: uuid.New(), Attore: domain.Notaio.ID, Ruolo: domain.SistemaNotaio, Istante: s.Adesso(), Canale: domain.Sistema}
	if _, err := s.archivio.Append(t.Context(), sistema.FlussoSigilli, domain.Head{}, meta, sistema.SigilloApposto{
		Dimensione: uint64(albero.Dimensione()), Radice: domain.Digest(albero.Radice()), Posizione: ultima, Nota: nota,
	}); err != nil {
		t.Fatal(err)
	}
	return foglie, v
}
