package caso_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

func TestObiettivi(t *testing.T) {
	definito := caso.ObiettivoDefinito{Obiettivo: casa}
	con := func(cambia func(*caso.Obiettivo)) caso.Obiettivo {
		o := casa
		o.Risultati = slices.Clone(casa.Risultati)
		cambia(&o)
		return o
	}
	altro := con(func(o *caso.Obiettivo) { o.Descrizione = "una casa asciutta" })
	di := func(n string) func(*caso.Obiettivo) {
		return func(o *caso.Obiettivo) { o.ID = id.Obiettivo{UUID: numero(n)} }
	}
	via := caso.ObiettivoRimosso{Obiettivo: casa.ID}
	riaperta := caso.AnalisiPreliminareRiaperta{Motivazione: "x"}
	refused := func(name string, err error, field string, cambia func(*caso.Obiettivo)) scenario {
		return scenario{Name: name, Given: definizione, When: caso.AggiungiObiettivo{Obiettivo: con(cambia)}, Err: err, Field: field}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "are added", Given: definizione, When: caso.AggiungiObiettivo{Obiettivo: casa}, Then: events{definito}},
		scenario{Name: "are added once", Given: bozza, When: caso.AggiungiObiettivo{Obiettivo: casa}},
		scenario{Name: "are added in a redefinition", Given: ridefinizione, When: caso.AggiungiObiettivo{Obiettivo: con(func(o *caso.Obiettivo) { di("0b09")(o); o.Risultati = nil })}, Then: events{caso.ObiettivoDefinito{Obiettivo: con(func(o *caso.Obiettivo) { di("0b09")(o); o.Risultati = nil })}}},
		scenario{Name: "do not share an id", Given: bozza, When: caso.AggiungiObiettivo{Obiettivo: altro}, Err: caso.ErrIDUsato, Field: "id"},
		scenario{Name: "do not take an id of one removed", Given: oltre(bozza, via), When: caso.AggiungiObiettivo{Obiettivo: casa}, Err: caso.ErrIDUsato, Field: "id"},
		scenario{Name: "do not take an id of an impegno", Given: bozza, When: caso.AggiungiObiettivo{Obiettivo: con(func(o *caso.Obiettivo) { o.ID.UUID, o.Risultati = corso.ID.UUID, nil })}, Err: caso.ErrIDUsato, Field: "id"},
		scenario{Name: "do not share a risultato", Given: bozza, When: caso.AggiungiObiettivo{Obiettivo: con(di("0b09"))}, Err: caso.ErrRisultato, Field: "risultati"},
		scenario{Name: "are not added while the PaIS is in force", Given: monitoraggio, When: caso.AggiungiObiettivo{Obiettivo: casa}, Err: caso.ErrPaISNonInDefinizione},
		scenario{Name: "are not added before the PaIS", Given: inQA, When: caso.AggiungiObiettivo{Obiettivo: casa}, Err: caso.ErrPaISNonInDefinizione},
		scenario{Name: "are at most a hundred", Given: oltre(definizione, cento()...), When: caso.AggiungiObiettivo{Obiettivo: casa}, Err: caso.ErrTroppeVoci},
		scenario{Name: "are changed", Given: bozza, When: caso.ModificaObiettivo{Obiettivo: altro}, Then: events{caso.ObiettivoModificato{Obiettivo: altro}}},
		scenario{Name: "are not changed into what they are", Given: bozza, When: caso.ModificaObiettivo{Obiettivo: casa}},
		scenario{Name: "are confirmed after the AP was opened again", Given: oltre(bozza, riaperta, esitoB), When: caso.ModificaObiettivo{Obiettivo: casa}, Then: events{caso.ObiettivoModificato{Obiettivo: casa}}},
		scenario{Name: "are not changed when there is none", Given: definizione, When: caso.ModificaObiettivo{Obiettivo: casa}, Err: caso.ErrVoceInesistente},
		scenario{Name: "are removed", Given: bozza, When: caso.RimuoviObiettivo{Obiettivo: casa.ID}, Then: events{via}},
		scenario{Name: "are removed once", Given: oltre(bozza, via), When: caso.RimuoviObiettivo{Obiettivo: casa.ID}},
		scenario{Name: "are not removed when there is none", Given: definizione, When: caso.RimuoviObiettivo{Obiettivo: casa.ID}, Err: caso.ErrVoceInesistente},
		scenario{Name: "need a case", When: caso.AggiungiObiettivo{Obiettivo: casa}, Err: caso.ErrInesistente},
		refused("have an id", caso.ErrSenzaID, "id", func(o *caso.Obiettivo) { o.ID = id.Obiettivo{} }),
		refused("lie in a domain", caso.ErrAmbitoObiettivo, "ambito", func(o *caso.Obiettivo) { o.Ambito = caso.SintesiEsito }),
		refused("are described", caso.ErrTestoMancante, "descrizione", func(o *caso.Obiettivo) { o.Descrizione = "" }),
		refused("are described in a line", caso.ErrTestoTroppoLungo, "descrizione", func(o *caso.Obiettivo) { o.Descrizione = lungo }),
		refused("are of the nucleo", caso.ErrFuoriNucleo, "componenti", func(o *caso.Obiettivo) { o.Componenti = []id.Componente{idDi(3)} }),
		refused("have results with ids", caso.ErrRisultato, "risultati", func(o *caso.Obiettivo) { o.Risultati[0].ID = id.Risultato{} }),
		refused("have results with days", caso.ErrRisultato, "risultati", func(o *caso.Obiettivo) { o.Risultati[0].Entro = 0 }),
		refused("have results with words", caso.ErrTestoMancante, "risultati", func(o *caso.Obiettivo) { o.Risultati[0].Descrizione = "" }),
		refused("have each result once", caso.ErrRisultato, "risultati", func(o *caso.Obiettivo) { o.Risultati = append(o.Risultati, o.Risultati[0]) }),
		refused("have a hundred results at most", caso.ErrTroppeVoci, "risultati", func(o *caso.Obiettivo) { o.Risultati = make([]caso.Risultato, 101) }),
	)
}

// cento are a hundred obiettivi.
func cento() (definiti events) {
	for i := range 100 {
		definiti = append(definiti, caso.ObiettivoDefinito{Obiettivo: caso.Obiettivo{ID: id.Obiettivo{UUID: numero("f" + strconv.Itoa(100+i))}}})
	}
	return definiti
}

func TestImpegniESostegni(t *testing.T) {
	impegno := func(cambia func(*caso.Impegno)) caso.AggiungiImpegno {
		i := corso
		cambia(&i)
		return caso.AggiungiImpegno{Impegno: i}
	}
	sostegno := func(cambia func(*caso.Sostegno)) caso.AggiungiSostegno {
		s := tirocinio
		cambia(&s)
		return caso.AggiungiSostegno{Sostegno: s}
	}
	meno := corso
	meno.Frequenza = ""
	piu := tirocinio
	piu.Quantita = 25
	no := func(name string, err error, field string, cambia func(*caso.Impegno)) scenario {
		return scenario{Name: "impegno: " + name, Given: definizione, When: impegno(cambia), Err: err, Field: field}
	}
	neanche := func(name string, err error, field string, cambia func(*caso.Sostegno)) scenario {
		return scenario{Name: "sostegno: " + name, Given: definizione, When: sostegno(cambia), Err: err, Field: field}
	}
	attivo := caso.SostegnoAttivato{Sostegno: tirocinio.ID, Passo: caso.Passo{Data: aprile}}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "adds an impegno", Given: definizione, When: impegno(func(*caso.Impegno) {}), Then: events{caso.ImpegnoDefinito{Impegno: corso}}},
		scenario{Name: "adds an impegno once", Given: bozza, When: impegno(func(*caso.Impegno) {})},
		scenario{Name: "changes an impegno", Given: bozza, When: caso.ModificaImpegno{Impegno: meno}, Then: events{caso.ImpegnoModificato{Impegno: meno}}},
		scenario{Name: "removes an impegno", Given: bozza, When: caso.RimuoviImpegno{Impegno: corso.ID}, Then: events{caso.ImpegnoRimosso{Impegno: corso.ID}}},
		scenario{Name: "changes no impegno that is not there", Given: definizione, When: caso.ModificaImpegno{Impegno: meno}, Err: caso.ErrVoceInesistente},
		scenario{Name: "removes no impegno that is not there", Given: definizione, When: caso.RimuoviImpegno{Impegno: corso.ID}, Err: caso.ErrVoceInesistente},
		scenario{Name: "adds a sostegno", Given: definizione, When: sostegno(func(*caso.Sostegno) {}), Then: events{caso.SostegnoPrevisto{Sostegno: tirocinio}}},
		scenario{Name: "adds a sostegno once", Given: bozza, When: sostegno(func(*caso.Sostegno) {})},
		scenario{Name: "changes a sostegno", Given: bozza, When: caso.ModificaSostegno{Sostegno: piu}, Then: events{caso.SostegnoModificato{Sostegno: piu}}},
		scenario{Name: "removes a sostegno", Given: bozza, When: caso.RimuoviSostegno{Sostegno: tirocinio.ID}, Then: events{caso.SostegnoRimosso{Sostegno: tirocinio.ID}}},
		scenario{Name: "removes no active sostegno", Given: oltre(monitoraggio, attivo, ridefinito), When: caso.RimuoviSostegno{Sostegno: tirocinio.ID}, Err: caso.ErrSostegnoAttivo},
		scenario{Name: "removes no sostegno that is not there", Given: definizione, When: caso.RimuoviSostegno{Sostegno: tirocinio.ID}, Err: caso.ErrVoceInesistente},
		scenario{Name: "changes no sostegno in force", Given: monitoraggio, When: caso.ModificaSostegno{Sostegno: piu}, Err: caso.ErrPaISNonInDefinizione},
		no("of a kind", caso.ErrTipoImpegno, "tipo", func(i *caso.Impegno) { i.Tipo = "SPORT" }),
		no("of somebody", caso.ErrImpegnoDiNessuno, "componenti", func(i *caso.Impegno) { i.Componenti = nil }),
		no("of the nucleo", caso.ErrFuoriNucleo, "componenti", func(i *caso.Impegno) { i.Componenti = []id.Componente{idDi(3)} }),
		no("described", caso.ErrTestoMancante, "descrizione", func(i *caso.Impegno) { i.Descrizione = "" }),
		no("how often, in short", caso.ErrTestoTroppoLungo, "frequenza", func(i *caso.Impegno) { i.Frequenza = lungo }),
		no("since when", caso.ErrPeriodo, "dal", func(i *caso.Impegno) { i.Dal = 0 }),
		no("until after", caso.ErrPeriodo, "al", func(i *caso.Impegno) { i.Al = i.Dal - 1 }),
		neanche("of a kind", caso.ErrTipoSostegno, "tipo", func(s *caso.Sostegno) { s.Tipo = "SPORT" }),
		neanche("by somebody", caso.ErrTestoMancante, "erogatore", func(s *caso.Sostegno) { s.Erogatore = " " }),
		neanche("of a unit", caso.ErrQuantita, "quantita", func(s *caso.Sostegno) { s.Unita = "" }),
		neanche("of a quantity", caso.ErrQuantita, "quantita", func(s *caso.Sostegno) { s.Quantita = 0 }),
		neanche("not below zero", caso.ErrQuantita, "quantita", func(s *caso.Sostegno) { s.Quantita, s.Unita = -1, "" }),
		neanche("of a fund", caso.ErrFondo, "fondo", func(s *caso.Sostegno) { s.Fondo = "PNRR" }),
		neanche("since when", caso.ErrPeriodo, "dal", func(s *caso.Sostegno) { s.Dal = 0 }),
	)
}

// sottoscrivi is the signature of a version as firmata tells it.
func sottoscrivi(versione int, il giorno.Giorno, cambia ...func(*caso.SottoscriviPaIS)) caso.SottoscriviPaIS {
	f := firmata(versione, il)
	c := caso.SottoscriviPaIS{Versione: f.Versione, Data: f.Data, Firmatari: f.Firmatari, Modalita: f.Modalita, HashDocumento: f.HashDocumento, Oggi: oggi}
	for _, f := range cambia {
		f(&c)
	}
	return c
}

func TestSottoscriviPaIS(t *testing.T) {
	riaperta := caso.AnalisiPreliminareRiaperta{Motivazione: "x"}
	refused := func(name string, err error, field string, cambia func(*caso.SottoscriviPaIS)) scenario {
		return scenario{Name: name, Given: bozza, When: sottoscrivi(1, aprile, cambia), Err: err, Field: field}
	}
	firmano := func(chi ...id.Componente) func(*caso.SottoscriviPaIS) {
		return func(c *caso.SottoscriviPaIS) { c.Firmatari = chi }
	}
	senzaRisultati := casa
	senzaRisultati.Risultati = nil
	domaintest.Run(t, caso.Decider,
		scenario{Name: "puts the PaIS in force", Given: bozza, When: sottoscrivi(1, aprile), Then: events{firmato}},
		scenario{Name: "puts it in force once", Given: monitoraggio, When: sottoscrivi(1, aprile)},
		scenario{Name: "puts the next version in force", Given: ridefinizione, When: sottoscrivi(2, maggio), Then: events{firmata(2, maggio)}},
		scenario{Name: "is of no version signed before", Given: ridefinizione, When: sottoscrivi(1, maggio), Err: caso.ErrVersionePaIS, Field: "versione"},
		scenario{Name: "does not go back behind the last", Given: oltre(bozza, firmata(1, maggio), ridefinito), When: sottoscrivi(2, aprile), Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "is not given while nothing is defined", Given: monitoraggio, When: sottoscrivi(2, maggio), Err: caso.ErrPaISNonInDefinizione},
		scenario{Name: "wants an obiettivo", Given: oltre(bozza, caso.ObiettivoRimosso{Obiettivo: casa.ID}), When: sottoscrivi(1, aprile), Err: caso.ErrPaISIncompleto},
		scenario{Name: "wants a risultato", Given: oltre(bozza, caso.ObiettivoModificato{Obiettivo: senzaRisultati}), When: sottoscrivi(1, aprile), Err: caso.ErrPaISIncompleto},
		scenario{Name: "wants an impegno", Given: oltre(bozza, caso.ImpegnoRimosso{Impegno: corso.ID}), When: sottoscrivi(1, aprile), Err: caso.ErrPaISIncompleto},
		scenario{Name: "wants a sostegno", Given: oltre(bozza, caso.SostegnoRimosso{Sostegno: tirocinio.ID}), When: sottoscrivi(1, aprile), Err: caso.ErrPaISIncompleto},
		scenario{Name: "wants all confirmed", Given: oltre(bozza, riaperta, esitoB), When: sottoscrivi(1, aprile), Err: caso.ErrDaConfermare},
		scenario{
			Name: "follows what was confirmed", Given: oltre(bozza, riaperta, esitoB, caso.ObiettivoModificato{Obiettivo: casa}, caso.ImpegnoModificato{Impegno: corso}, caso.SostegnoModificato{Sostegno: tirocinio}),
			When: sottoscrivi(1, aprile), Then: events{firmato},
		},
		refused("somebody signs", caso.ErrFirmatari, "firmatari", firmano()),
		refused("no minor signs", caso.ErrFirmatari, "firmatari", firmano(idDi(0), idDi(2))),
		refused("no stranger signs", caso.ErrFirmatari, "firmatari", firmano(idDi(3))),
		refused("not ahead", caso.ErrDataStrumento, "data", func(c *caso.SottoscriviPaIS) { c.Data = oggi + 1 }),
		refused("not before the AP ended", caso.ErrDataStrumento, "data", func(c *caso.SottoscriviPaIS) { c.Data = marzo }),
		refused("in a way", caso.ErrModalitaFirma, "modalita", func(c *caso.SottoscriviPaIS) { c.Modalita = "VOCE" }),
		refused("a document", caso.ErrHashDocumento, "hash_documento", func(c *caso.SottoscriviPaIS) { c.HashDocumento = "AB" }),
		scenario{Name: "needs a case", When: sottoscrivi(1, aprile), Err: caso.ErrInesistente},
	)
}

func TestAVersionStaysInForceWhileTheNextIsDefined(t *testing.T) {
	altra := casa
	altra.Descrizione = "una casa al piano terra"
	st := caso.Decider.Fold(caso.State{}, oltre(ridefinizione, caso.ObiettivoModificato{Obiettivo: altra})...)
	if st.Stato != caso.InMonitoraggio || st.PaIS.Versione != 1 || st.InDefinizione() != 2 {
		t.Fatalf("%s, version %d, defining %d", st.Stato, st.PaIS.Versione, st.InDefinizione())
	}
	if diff := cmp.Diff([]caso.Obiettivo{casa}, st.PaIS.Vigente.Obiettivi); diff != "" {
		t.Errorf("in force\n%s", diff)
	}
	st = caso.Decider.Fold(st, firmata(2, maggio))
	if diff := cmp.Diff([]caso.Obiettivo{altra}, st.PaIS.Vigente.Obiettivi); diff != "" || st.PaIS.Versione != 2 || st.InDefinizione() != 0 {
		t.Errorf("version %d, defining %d\n%s", st.PaIS.Versione, st.InDefinizione(), diff)
	}
}

func TestTheRestOfThePaIS(t *testing.T) {
	rifiuta := func(chi id.Componente) caso.RegistraMancataSottoscrizione {
		return caso.RegistraMancataSottoscrizione{Componente: chi, Motivazione: "non condivide", Data: aprile, Oggi: oggi}
	}
	rifiutato := caso.PaISNonSottoscritto{Versione: 1, Componente: idDi(1), Motivazione: "non condivide", Data: aprile}
	ridefinisci := caso.RidefinisciPaIS{Motivazione: ridefinito.Motivazione}
	concludi := caso.ConcludiPaIS{Esito: "RAGGIUNTO", Data: maggio, Oggi: oggi}
	concluso := events{caso.PaISConcluso{Esito: "RAGGIUNTO", Data: maggio}, caso.CasoChiuso{Motivo: caso.ChiusoPerPaIS, Data: maggio}}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "says who did not sign", Given: bozza, When: rifiuta(idDi(1)), Then: events{rifiutato}},
		scenario{Name: "says it once", Given: oltre(bozza, rifiutato), When: rifiuta(idDi(1))},
		scenario{Name: "says it of no stranger", Given: bozza, When: rifiuta(idDi(3)), Err: caso.ErrFuoriNucleo, Field: "componente_id"},
		scenario{Name: "says why", Given: bozza, When: caso.RegistraMancataSottoscrizione{Componente: idDi(1), Data: aprile, Oggi: oggi}, Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "says when", Given: bozza, When: caso.RegistraMancataSottoscrizione{Componente: idDi(1), Motivazione: "x", Oggi: oggi}, Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "says it while there is something to sign", Given: monitoraggio, When: rifiuta(idDi(1)), Err: caso.ErrPaISNonInDefinizione},
		scenario{Name: "is redefined", Given: monitoraggio, When: ridefinisci, Then: events{ridefinito}},
		scenario{Name: "is redefined once at a time", Given: ridefinizione, When: ridefinisci},
		scenario{Name: "is redefined for a reason", Given: monitoraggio, When: caso.RidefinisciPaIS{}, Err: caso.ErrMotivazione, Field: "motivazione"},
		scenario{Name: "is not redefined before it is in force", Given: bozza, When: ridefinisci, Err: caso.ErrPaISNonInVigore},
		scenario{Name: "is not redefined on a closed case", Given: chiuso, When: ridefinisci, Err: caso.ErrNonAperto},
		scenario{Name: "ends, and the case with it", Given: monitoraggio, When: concludi, Then: concluso},
		scenario{Name: "ends while the next version is defined", Given: ridefinizione, When: concludi, Then: concluso},
		scenario{Name: "ends once", Given: oltre(monitoraggio, concluso...), When: concludi},
		scenario{Name: "ends again after the case was reopened", Given: oltre(monitoraggio, concluso[0], concluso[1], caso.CasoRiaperto{StatoRipristinato: caso.InMonitoraggio, Motivazione: "x"}), When: concludi, Then: concluso},
		scenario{Name: "ends somehow", Given: monitoraggio, When: caso.ConcludiPaIS{Data: maggio, Oggi: oggi}, Err: caso.ErrEsitoPaIS, Field: "esito"},
		scenario{Name: "ends without a book", Given: monitoraggio, When: caso.ConcludiPaIS{Esito: "PARZIALE", Motivazione: prolisso, Data: maggio, Oggi: oggi}, Err: caso.ErrTestoTroppoLungo, Field: "motivazione"},
		scenario{Name: "ends some day", Given: monitoraggio, When: caso.ConcludiPaIS{Esito: "PARZIALE", Oggi: oggi}, Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "ends after it was signed", Given: monitoraggio, When: caso.ConcludiPaIS{Esito: "PARZIALE", Data: marzo, Oggi: oggi}, Err: caso.ErrDataStrumento, Field: "data"},
		scenario{Name: "does not end before it is in force", Given: bozza, When: concludi, Err: caso.ErrPaISNonInVigore},
		scenario{Name: "does not end on a closed case", Given: chiuso, When: concludi, Err: caso.ErrNonAperto},
		scenario{Name: "does not end without a case", When: concludi, Err: caso.ErrInesistente},
	)
}
