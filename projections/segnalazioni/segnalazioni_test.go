package segnalazioni_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
	"nucleo/projections/nuclei"
	"nucleo/projections/segnalazioni"
)

var (
	mattino         = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	oggi            = giorno.Data(2026, 5, 20)
	anna, bruno     = id.New[id.Operatore](), id.New[id.Operatore]()
	pino            = id.New[id.Componente]()
	palermo, trabia = domain.Territorio{Ambito: "PA42"}, domain.Territorio{Ambito: "AG01"}
	s1, s2, s3, s4  = id.New[id.Segnalazione](), id.New[id.Segnalazione](), id.New[id.Segnalazione](), id.New[id.Segnalazione]()
	c               = id.CasoDi("INPS-ADI-2026-1")
	flussoUno       = flussoinps.Chiave(giorno.Data(2026, 5, 4), 1)
	codiceFiscale   = "RSSPNI80A01G273X"
	dentro          = flussoinps.Voce{Caso: c, Segnalazione: s2, Tipo: flussoinps.Segnalazione}
	corregge        = flussoinps.Voce{Caso: c, Segnalazione: s4, Tipo: flussoinps.Rettifica}
)

// giornale is a log of pairs: a stream, and an event of it.
func giornale(coppie ...any) (log []domain.Recorded) {
	versioni := map[string]uint64{}
	for i := 0; i < len(coppie); i += 2 {
		stream, e := coppie[i].(string), coppie[i+1].(domain.Event)
		versioni[stream]++
		n := len(log)
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: stream, Subject: domain.Subject(stream), Type: e.EventType(), Event: e, Version: versioni[stream], Position: uint64(n),
			Meta: domain.Meta{Attore: bruno.UUID, Ruolo: domain.CoordinatorePaIS, Istante: mattino.Add(time.Duration(n) * time.Hour)},
		})
	}
	return log
}

func proposta(s id.Segnalazione, di id.Componente, scadenza giorno.Giorno) caso.SegnalazioneProposta {
	return caso.SegnalazioneProposta{
		Segnalazione: s, Categoria: caso.ADIMancataPresentazione, Componente: di, DataFatto: scadenza - 20, Accertamento: scadenza - 14,
		Dettaglio: "non si presenta", Scadenza: scadenza, Occorrenza: 1, PropostaDa: anna,
	}
}

// conNuclei are the models that the lists are read from.
var conNuclei = []projections.Model{segnalazioni.Projection, nuclei.Projection}

func storia() []domain.Recorded {
	k, f, o := "caso-"+c.String(), "flussoinps-"+flussoUno, "operatore-"+anna.String()
	return giornale(
		o, operatore.Registrato{CodiceFiscale: "X", Cognome: "Verdi", Nome: "Anna"},
		k, caso.DomandaRicevuta{IDDomanda: "INPS-ADI-2026-1", Misura: caso.ADI, Ambito: "PA42", Comune: "G273", Componenti: []caso.Componente{{ID: pino, CodiceFiscale: codiceFiscale, Cognome: "ROSSI", Nome: "PINO"}}},
		k, caso.Assegnato{CaseManager: anna},
		k, proposta(s1, pino, oggi-1),
		k, proposta(s2, id.Componente{}, oggi+3),
		k, caso.SegnalazioneApprovata{Segnalazione: s2, ApprovataDa: anna, StessoSoggetto: true},
		f, flussoinps.Aperto{Giorno: giorno.Data(2026, 5, 4), Numero: 1},
		f, flussoinps.SegnalazioneInclusa{Voce: dentro},
		k, caso.SegnalazioneMessaInUscita{Segnalazione: s2, Flusso: flussoUno},
		k, caso.SegnalazionePresaPerInvio{Segnalazione: s2, Flusso: flussoUno, Tentativo: 1},
		k, proposta(s3, pino, oggi+9),
		k, caso.SegnalazioneApprovata{Segnalazione: s3, ApprovataDa: bruno},
		k, proposta(s4, pino, giorno.Data(2026, 5, 3)),
		k, caso.SegnalazioneApprovata{Segnalazione: s4, ApprovataDa: bruno},
		k, caso.SegnalazioneMessaInUscita{Segnalazione: s4, Flusso: flussoUno},
		k, caso.SegnalazionePresaPerInvio{Segnalazione: s4, Flusso: flussoUno, Tentativo: 1},
		k, caso.InvioSegnalazioneFallito{Segnalazione: s4, Errore: "x", Tentativo: 1},
		k, caso.SegnalazionePresaPerInvio{Segnalazione: s4, Flusso: flussoUno, Tentativo: 2},
		k, caso.SegnalazioneInviata{Segnalazione: s4, Flusso: flussoUno, Protocollo: "P-4", InviataIl: mattino},
		k, caso.SegnalazioneRettificata{Segnalazione: s4, Motivazione: "x"},
		k, caso.Riassegnato{Da: anna, A: bruno},
		k, caso.Trasferito{AmbitoA: "AG01", ComuneA: "A089"},
	)
}

// viste are rows in short, by page order.
func viste(t *testing.T, p elenco.Pagina[segnalazioni.Voce], err error) (viste []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	nomi := map[id.Segnalazione]string{s1: "s1", s2: "s2", s3: "s3", s4: "s4"}
	for _, v := range p.Voci {
		viste = append(viste, fmt.Sprintf("%s %s %s annullabile=%t incerto=%t ritardo=%t %s", nomi[v.Segnalazione], v.Stato, v.Ambito, v.Annullabile(), v.EsitoIncerto, v.InRitardo, v.Cognome))
	}
	return viste
}

func TestWhatCouldNotBeSentSaysWhyUntilItIs(t *testing.T) {
	k := "caso-" + c.String()
	log := giornale(
		k, caso.DomandaRicevuta{IDDomanda: "INPS-ADI-2026-1", Misura: caso.ADI, Ambito: "PA42", Comune: "G273"},
		k, proposta(s1, id.Componente{}, oggi+3), k, caso.SegnalazioneApprovata{Segnalazione: s1, ApprovataDa: bruno},
		k, proposta(s2, id.Componente{}, oggi+3), k, caso.SegnalazioneApprovata{Segnalazione: s2, ApprovataDa: bruno},
		k, caso.SegnalazioneMessaInUscita{Segnalazione: s2, Flusso: flussoUno}, k, caso.SegnalazionePresaPerInvio{Segnalazione: s2, Flusso: flussoUno, Tentativo: 1},
		k, caso.InvioSegnalazioneFallito{Segnalazione: s2, Errore: "categoria sconosciuta", Tentativo: 1},
		k, caso.SegnalazionePresaPerInvio{Segnalazione: s2, Flusso: flussoUno, Tentativo: 2}, k, caso.SegnalazioneInviata{Segnalazione: s2, Flusso: flussoUno, InviataIl: mattino},
	)
	for eventi, want := range map[int]struct {
		segnalazioni.InCammino
		errore string
	}{8: {segnalazioni.InCammino{Attese: 2, Fallite: 1}, "categoria sconosciuta"}, 10: {segnalazioni.InCammino{Attese: 1}, ""}} {
		pool := modeltest.Pools(t, conNuclei, log[:eventi]...)
		cammino, err := segnalazioni.Cammino(t.Context(), pool)
		if err != nil || cammino != want.InCammino {
			t.Errorf("after %d events: %+v %v", eventi, cammino, err)
		}
		p, err := segnalazioni.Cerca(t.Context(), pool, segnalazioni.Filtro{Vista: segnalazioni.Registro, Stati: []caso.StatoSegnalazione{caso.InUscita, caso.Inviata}, Oggi: oggi}, elenco.Richiesta{Limite: 10})
		if err != nil || len(p.Voci) != 1 || p.Voci[0].Errore != want.errore {
			t.Errorf("after %d events: %+v %v", eventi, p.Voci, err)
		}
	}
}

// The proposal that waits goes with its case to the new ambito; what was
// decided stays with the ambito that decided.
func TestTheTwoListsShowWhereEachSegnalazioneStands(t *testing.T) {
	pool := modeltest.Pools(t, conNuclei, storia()...)
	si := true
	var (
		attesa     = "s1 DA_VALIDARE AG01 annullabile=false incerto=false ritardo=true ROSSI"
		incerta    = "s2 IN_USCITA PA42 annullabile=false incerto=true ritardo=false "
		annullabil = "s3 APPROVATA PA42 annullabile=true incerto=false ritardo=false ROSSI"
		rettificat = "s4 RETTIFICATA PA42 annullabile=false incerto=false ritardo=true ROSSI"
	)
	for about, x := range map[string]struct {
		f    segnalazioni.Filtro
		r    elenco.Richiesta
		want []string
	}{
		"to be decided, there":    {f: segnalazioni.Filtro{Territorio: trabia}, want: []string{attesa}},
		"to be decided, here":     {f: segnalazioni.Filtro{Territorio: palermo}},
		"all, by term":            {f: segnalazioni.Filtro{Territorio: palermo, Stati: segnalazioni.Approvate}, want: []string{rettificat, incerta, annullabil}},
		"late":                    {f: segnalazioni.Filtro{Stati: append(segnalazioni.Approvate, caso.DaValidare), InRitardo: &si}, want: []string{rettificat, attesa}},
		"the register":            {f: segnalazioni.Filtro{Territorio: palermo, Vista: segnalazioni.Registro}, want: []string{rettificat, annullabil, incerta}},
		"the register, by state":  {f: segnalazioni.Filtro{Vista: segnalazioni.Registro, Stati: []caso.StatoSegnalazione{caso.InUscita, caso.DaValidare}}, want: []string{incerta}},
		"the register, there":     {f: segnalazioni.Filtro{Territorio: trabia, Vista: segnalazioni.Registro}},
		"the register, a person":  {f: segnalazioni.Filtro{Vista: segnalazioni.Registro, Persona: modeltest.Pepe.Cieco(codiceFiscale)}, r: elenco.Richiesta{Ordina: "annullabile"}, want: []string{annullabil, rettificat, incerta}},
		"the register, nobody":    {f: segnalazioni.Filtro{Vista: segnalazioni.Registro, Persona: modeltest.Pepe.Cieco("RSSPNI80A01G273Y")}},
		"a day without approvals": {f: segnalazioni.Filtro{Vista: segnalazioni.Registro, Dal: giorno.Data(2026, 5, 5)}},
		"the case manager of now": {f: segnalazioni.Filtro{Responsabile: bruno}, want: []string{attesa}},
		"the one before":          {f: segnalazioni.Filtro{Responsabile: anna}},
		"another category":        {f: segnalazioni.Filtro{Categoria: caso.ADIAltro}},
		"who proposed":            {f: segnalazioni.Filtro{CaseManager: anna, IDDomanda: "INPS-ADI-2026-1"}, want: []string{attesa}},
	} {
		x.f.Oggi, x.r.Limite = oggi, 10
		if x.f.Vista == "" {
			x.f.Vista = segnalazioni.Validazione
		}
		p, err := segnalazioni.Cerca(t.Context(), pool, x.f, x.r)
		if diff := cmp.Diff(x.want, viste(t, p, err)); diff != "" {
			t.Errorf("%s\n%s", about, diff)
		}
	}
	p, err := segnalazioni.Autoapprovazioni(t.Context(), pool, segnalazioni.FiltroAutoapprovazioni{Ambito: "PA42"}, elenco.Richiesta{Limite: 10})
	if got := viste(t, p, err); len(got) != 1 || p.Voci[0].Segnalazione != s2 || p.Voci[0].DecisaDa != anna {
		t.Errorf("approved by who proposed: %v", got)
	}
}

func TestEveryColumnOrdersTheLists(t *testing.T) {
	pool := modeltest.Pools(t, conNuclei, storia()...)
	for vista, colonne := range map[segnalazioni.Vista][]string{
		segnalazioni.Validazione: {"id_domanda", "inviata_da", "data_invio", "categoria", "dettaglio", "stato", "data_decisione", "scadenza_comunicazione", "in_ritardo", "numero_occorrenza", "componente"},
		segnalazioni.Registro:    {"id_domanda", "data_decisione", "data_invio_inps", "protocollo_invio", "flusso_id", "annullabile", "rettificabile"},
	} {
		for _, colonna := range colonne {
			f := segnalazioni.Filtro{Vista: vista, Stati: segnalazioni.Approvate, Oggi: oggi}
			if p, err := segnalazioni.Cerca(t.Context(), pool, f, elenco.Richiesta{Limite: 10, Ordina: colonna}); err != nil || len(p.Voci) != 3 {
				t.Errorf("%s by %s: %d rows, %v", vista, colonna, len(p.Voci), err)
			}
		}
	}
}

func TestTheDispatcherIsToldWhatToSend(t *testing.T) {
	log := storia()
	pool := modeltest.Pools(t, conNuclei, log...)
	voci, err := segnalazioni.DaSpedire(t.Context(), pool, 10)
	if diff := cmp.Diff([]flussoinps.Voce{{Caso: c, Segnalazione: s3, Tipo: flussoinps.Segnalazione}, corregge}, voci); diff != "" || err != nil {
		t.Error(diff, err)
	}
	aperti, err := segnalazioni.FlussiAperti(t.Context(), pool)
	if diff := cmp.Diff([]string{flussoUno}, aperti); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for g, want := range map[giorno.Giorno]int{giorno.Data(2026, 5, 4): 1, giorno.Data(2026, 5, 5): 0} {
		if n, err := segnalazioni.UltimoFlusso(t.Context(), pool, g); n != want || err != nil {
			t.Error(g, n, err)
		}
	}
	dopo := giornale("flussoinps-"+flussoUno, flussoinps.Aperto{Giorno: giorno.Data(2026, 5, 4), Numero: 1}, "flussoinps-"+flussoUno, flussoinps.SegnalazioneInclusa{Voce: corregge}, "flussoinps-"+flussoUno, flussoinps.Chiuso{})
	tabelle := segnalazioni.Projection.Fold(append(log, dopo...)...)
	if !tabelle.Flussi.Row(flussoUno).Chiuso || tabelle.Segnalazioni.Row(s4).FlussoRettif != flussoUno {
		t.Error("a flusso that ended, or a correction that lies in one, is told as open")
	}
}
