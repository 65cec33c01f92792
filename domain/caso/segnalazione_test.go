package caso_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/calendario"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// chiave is an id that is easy to tell from others.
func chiave[I ~struct{ uuid.UUID }](s string) I {
	return I{uuid.MustParse("00000000-0000-7000-8000-0000000000" + s)}
}

// The case of an RDC in 2023, of which Anna has proposed a segnalazione;
// Dora, the coordinator, decides.
var (
	ottobre  = giorno.Data(2023, 10, 2) // a Monday
	dicembre = giorno.Data(2023, 12, 20)
	rdc      = ricevutaCome(caso.RDC, func(d *caso.DomandaRicevuta) {
		d.DataPresentazione, d.DataRiconoscimento, d.DataTrasmissioneComune = ottobre-200, ottobre-190, ottobre-180
	})
	dora   = operatore("d1")
	s1, s2 = chiave[id.Segnalazione]("01"), chiave[id.Segnalazione]("02")
	ieri   = time.Date(2023, 12, 19, 8, 30, 0, 0, time.UTC)

	palermo = calendario.Calendario{Patrono: calendario.Ricorrenza{Mese: 7, Giorno: 15}}

	proponi = caso.ProponiSegnalazione{
		Segnalazione: s1, Categoria: caso.RDCMancataPresentazione, Componente: numerata(pino, 1).ID, DataFatto: ottobre - 3, Accertamento: ottobre,
		Dettaglio: "non si presenta", Operatore: anna, Calendario: palermo, Oggi: dicembre,
	}
	proposta = caso.SegnalazioneProposta{
		Segnalazione: s1, Categoria: caso.RDCMancataPresentazione, Componente: numerata(pino, 1).ID, DataFatto: ottobre - 3, Accertamento: ottobre,
		Dettaglio: "non si presenta", Scadenza: giorno.Data(2023, 10, 16), Occorrenza: 1, PropostaDa: anna,
	}
	ritirata    = caso.SegnalazioneRitirata{Segnalazione: s1, Motivazione: "doppia"}
	approvata   = caso.SegnalazioneApprovata{Segnalazione: s1, ApprovataDa: dora}
	rifiutata   = caso.SegnalazioneRifiutata{Segnalazione: s1, RifiutataDa: dora, Motivazione: "mancano le prove"}
	inUscita    = caso.SegnalazioneMessaInUscita{Segnalazione: s1, Flusso: "20231220-1"}
	presa       = caso.SegnalazionePresaPerInvio{Segnalazione: s1, Flusso: "20231220-1", Tentativo: 1}
	fallita     = caso.InvioSegnalazioneFallito{Segnalazione: s1, Errore: "rifiutata la connessione", Tentativo: 1}
	inviata     = caso.SegnalazioneInviata{Segnalazione: s1, Flusso: "20231220-1", Protocollo: "INPS.1", InviataIl: ieri}
	acquisita   = caso.SegnalazioneAcquisita{Segnalazione: s1, Ricevuta: "R-1"}
	fermata     = caso.InvioSegnalazioneAnnullato{Segnalazione: s1, Motivazione: "si è presentato"}
	rettificata = caso.SegnalazioneRettificata{Segnalazione: s1, Motivazione: "la persona è un'altra"}
	scaduta     = caso.ScadenzaSuperata{Tipo: caso.Segnalazione10, Scadenza: giorno.Data(2023, 10, 16)}
	nonConvoc   = caso.ScadenzaSuperata{Tipo: caso.Convocazione30, Scadenza: ottobre - 160}

	approva    = caso.ApprovaSegnalazione{Segnalazione: s1, Operatore: dora}
	rifiuta    = caso.RifiutaSegnalazione{Segnalazione: s1, Operatore: dora, Motivazione: "mancano le prove"}
	ritira     = caso.RitiraSegnalazione{Segnalazione: s1, Motivazione: "doppia"}
	annulla    = caso.AnnullaInvio{Segnalazione: s1, Motivazione: "si è presentato"}
	rettifica  = caso.RettificaSegnalazione{Segnalazione: s1, Motivazione: "la persona è un'altra"}
	metti      = caso.MettiInUscita{Segnalazione: s1, Flusso: "20231220-1"}
	prendi     = caso.PrendiPerInvio{Segnalazione: s1, Flusso: "20231220-1", Tentativo: 1}
	invia      = caso.RegistraInvio{Segnalazione: s1, Protocollo: "INPS.1", InviataIl: ieri, Oggi: dicembre - 1}
	fallisci   = caso.RegistraInvioFallito{Segnalazione: s1, Errore: "rifiutata la connessione", Tentativo: 1}
	acquisisci = caso.RegistraAcquisizione{Segnalazione: s1, Protocollo: "INPS.1", Ricevuta: "R-1", Istante: ieri, Oggi: dicembre - 1}
)

// What happened up to each state.
var (
	daValidare  = events{rdc, proposta}
	ritirate    = events{rdc, proposta, ritirata}
	approvate   = events{rdc, proposta, approvata}
	rifiutate   = events{rdc, proposta, rifiutata}
	inUscite    = events{rdc, proposta, approvata, inUscita}
	prese       = events{rdc, proposta, approvata, inUscita, presa}
	fallite     = events{rdc, proposta, approvata, inUscita, presa, fallita}
	inviate     = events{rdc, proposta, approvata, inUscita, presa, scaduta, inviata}
	acquisite   = events{rdc, proposta, approvata, inUscita, presa, scaduta, inviata, acquisita}
	fermate     = events{rdc, proposta, approvata, inUscita, fermata}
	rettificate = events{rdc, proposta, approvata, inUscita, presa, scaduta, inviata, rettificata}
)

var esempiSegnalazioni = []domain.Event{
	caso.SegnalazioneProposta{
		Segnalazione: s1, Categoria: caso.RDCMancataPresentazione, Componente: numerata(pino, 1).ID, DataFatto: ottobre - 3, Accertamento: ottobre,
		Dettaglio: "non si presenta", Allegati: []caso.Allegato{{Nome: "verbale.pdf", Impronta: domain.Digest{1, 2, 3}}},
		Scadenza: giorno.Data(2023, 10, 16), Occorrenza: 1, Precedente: s2, PropostaDa: anna,
	},
	ritirata,
	caso.SegnalazioneApprovata{Segnalazione: s1, ApprovataDa: dora, Nota: "urgente", StessoSoggetto: true},
	rifiutata, inUscita, presa, fermata, inviata, fallita, acquisita, rettificata,
}

func proponendo(cambia func(*caso.ProponiSegnalazione)) caso.ProponiSegnalazione {
	c := proponi
	cambia(&c)
	return c
}

func propostaCome(cambia func(*caso.SegnalazioneProposta)) caso.SegnalazioneProposta {
	e := proposta
	cambia(&e)
	return e
}

func TestProponiSegnalazione(t *testing.T) {
	refused := func(name string, err error, field string, cambia func(*caso.ProponiSegnalazione)) scenario {
		return scenario{Name: name, Given: events{rdc}, When: proponendo(cambia), Err: err, Field: field}
	}
	richiamo := caso.ComunicazioneFormaleRegistrata{Comunicazione: chiave[id.Comunicazione]("01"), Tipo: caso.RichiamoFormale, Mezzo: caso.PEC, Numero: "1", DataInvio: ottobre}
	impegni := proponendo(func(c *caso.ProponiSegnalazione) { c.Categoria = caso.RDCMancatoRispettoImpegni })
	domaintest.Run(t, caso.Decider,
		scenario{Name: "asks the coordinator, within ten working days of the finding", Given: events{rdc}, When: proponi, Then: events{proposta}},
		scenario{
			Name:  "has five calendar days for a missed signature",
			Given: events{rdc},
			When:  proponendo(func(c *caso.ProponiSegnalazione) { c.Categoria = caso.RDCMancataSottoscrizione }),
			Then: events{propostaCome(func(e *caso.SegnalazioneProposta) {
				e.Categoria, e.Scadenza = caso.RDCMancataSottoscrizione, ottobre+5
			})},
		},
		scenario{
			Name:  "counts what INPS was told of the same person and category",
			Given: append(events{}, append(inviate, caso.SegnalazioneAcquisita{Segnalazione: s1, Ricevuta: "R-1"})...),
			When:  proponendo(func(c *caso.ProponiSegnalazione) { c.Segnalazione = s2 }),
			Then:  events{propostaCome(func(e *caso.SegnalazioneProposta) { e.Segnalazione, e.Occorrenza = s2, 2 })},
		},
		scenario{
			Name:  "does not count another person's, nor what was not sent",
			Given: append(events{}, append(inviate, propostaCome(func(e *caso.SegnalazioneProposta) { e.Segnalazione, e.Componente = s2, id.Componente{} }))...),
			When: proponendo(func(c *caso.ProponiSegnalazione) {
				c.Segnalazione, c.Componente = chiave[id.Segnalazione]("03"), id.Componente{}
			}),
			Then: events{propostaCome(func(e *caso.SegnalazioneProposta) {
				e.Segnalazione, e.Componente = chiave[id.Segnalazione]("03"), id.Componente{}
			})},
		},
		scenario{
			Name:  "carries documents",
			Given: events{rdc},
			When: proponendo(func(c *caso.ProponiSegnalazione) {
				c.Allegati = []caso.Allegato{{Nome: "verbale.pdf", Impronta: domain.Digest{1}}}
			}),
			Then: events{propostaCome(func(e *caso.SegnalazioneProposta) {
				e.Allegati = []caso.Allegato{{Nome: "verbale.pdf", Impronta: domain.Digest{1}}}
			})},
		},
		scenario{
			Name:  "takes the number that the proposer says",
			Given: events{rdc},
			When:  proponendo(func(c *caso.ProponiSegnalazione) { c.Occorrenza = 3 }),
			Then:  events{propostaCome(func(e *caso.SegnalazioneProposta) { e.Occorrenza = 3 })},
		},
		scenario{
			Name:  "follows one that was refused, about a person who left since",
			Given: append(events{}, append(rifiutate, caso.ComposizioneNucleoAggiornata{Rimossi: []caso.Rimosso{{Componente: numerata(pino, 1).ID, Motivo: "ALTRO"}}, DataDecorrenza: ottobre, Fonte: caso.FonteINPS})...),
			When:  proponendo(func(c *caso.ProponiSegnalazione) { c.Segnalazione, c.Precedente = s2, s1 }),
			Then:  events{propostaCome(func(e *caso.SegnalazioneProposta) { e.Segnalazione, e.Precedente = s2, s1 })},
		},
		scenario{
			Name:  "reports impegni after a formal warning",
			Given: events{rdc, richiamo},
			When:  impegni,
			Then:  events{propostaCome(func(e *caso.SegnalazioneProposta) { e.Categoria = caso.RDCMancatoRispettoImpegni })},
		},
		scenario{Name: "changes nothing when it was proposed before, whatever became of it", Given: acquisite, When: proponi},
		scenario{Name: "is refused for a case that is not there", When: proponi, Err: caso.ErrInesistente},
		scenario{Name: "is refused on a closed case", Given: events{rdc, caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia}}, When: proponi, Err: caso.ErrNonAperto},
		scenario{Name: "is refused on a forfeited case", Given: events{rdc, caso.BeneficioDecaduto{}}, When: proponi, Err: caso.ErrNonAperto},
		scenario{
			Name:  "is refused when the id is another's",
			Given: daValidare,
			When:  proponendo(func(c *caso.ProponiSegnalazione) { c.Dettaglio = "altro" }),
			Err:   caso.ErrSegnalazioneDoppia, Field: "segnalazione_id",
		},
		scenario{Name: "is refused for impegni without a formal warning", Given: events{rdc}, When: impegni, Err: caso.ErrRichiamoMancante, Field: "categoria"},
		scenario{
			Name:  "is refused after one that still waits",
			Given: daValidare,
			When:  proponendo(func(c *caso.ProponiSegnalazione) { c.Segnalazione, c.Precedente = s2, s1 }),
			Err:   caso.ErrPrecedente, Field: "precedente_id",
		},
		refused("is refused without an id", caso.ErrSegnalazioneID, "segnalazione_id", func(c *caso.ProponiSegnalazione) { c.Segnalazione = id.Segnalazione{} }),
		refused("is refused from nobody", caso.ErrSegnalazioneID, "proposta_da", func(c *caso.ProponiSegnalazione) { c.Operatore = id.Operatore{} }),
		refused("is refused in no category", caso.ErrCategoria, "categoria", func(c *caso.ProponiSegnalazione) { c.Categoria = "RDC_FURTO" }),
		refused("is refused in a category of the other measure", caso.ErrCategoriaNonVale, "categoria", func(c *caso.ProponiSegnalazione) { c.Categoria = caso.ADIAltro }),
		refused("is refused without the day of the fact", caso.ErrDataFatto, "data_fatto", func(c *caso.ProponiSegnalazione) { c.DataFatto = 0 }),
		refused("is refused for a fact to come", caso.ErrDataFatto, "data_fatto", func(c *caso.ProponiSegnalazione) { c.DataFatto = dicembre + 1 }),
		refused("is refused without the day of the finding", caso.ErrDataFatto, "data_accertamento", func(c *caso.ProponiSegnalazione) { c.Accertamento = 0 }),
		refused("is refused when found before it happened", caso.ErrDataFatto, "data_accertamento", func(c *caso.ProponiSegnalazione) { c.Accertamento = ottobre - 4 }),
		refused("is refused when found tomorrow", caso.ErrDataFatto, "data_accertamento", func(c *caso.ProponiSegnalazione) { c.Accertamento = dicembre + 1 }),
		refused("is refused about a stranger", caso.ErrSegnalaComponente, "componente_id", func(c *caso.ProponiSegnalazione) { c.Componente = chiave[id.Componente]("77") }),
		refused("is refused when it says nothing", caso.ErrDettaglio, "dettaglio", func(c *caso.ProponiSegnalazione) { c.Dettaglio = " \n" }),
		refused("is refused when it says too much", caso.ErrDettaglio, "dettaglio", func(c *caso.ProponiSegnalazione) { c.Dettaglio = strings.Repeat("à", 4001) }),
		refused("is refused with a document without fingerprint", caso.ErrAllegati, "allegati", func(c *caso.ProponiSegnalazione) { c.Allegati = []caso.Allegato{{Nome: "a.pdf"}} }),
		refused("is refused with a nameless document", caso.ErrAllegati, "allegati", func(c *caso.ProponiSegnalazione) { c.Allegati = []caso.Allegato{{Impronta: domain.Digest{1}}} }),
		refused("is refused with 21 documents", caso.ErrAllegati, "allegati", func(c *caso.ProponiSegnalazione) {
			for range 21 {
				c.Allegati = append(c.Allegati, caso.Allegato{Nome: "a.pdf", Impronta: domain.Digest{1}})
			}
		}),
		refused("is refused as occurrence below one", caso.ErrOccorrenza, "numero_occorrenza", func(c *caso.ProponiSegnalazione) { c.Occorrenza = -1 }),
		refused("is refused as occurrence 100", caso.ErrOccorrenza, "numero_occorrenza", func(c *caso.ProponiSegnalazione) { c.Occorrenza = 100 }),
		refused("is refused after one that is not there", caso.ErrPrecedente, "precedente_id", func(c *caso.ProponiSegnalazione) { c.Precedente = s2 }),
	)
}

// TestACategoryHoldsForItsMeasureAndTime draws the line at the end of 2023.
func TestACategoryHoldsForItsMeasureAndTime(t *testing.T) {
	for _, c := range []struct {
		categoria caso.Categoria
		misura    caso.Misura
		fatto     giorno.Giorno
		want      bool
	}{
		{caso.RDCAltro, caso.RDC, giorno.Data(2019, 1, 28), false},
		{caso.RDCAltro, caso.RDC, giorno.Data(2019, 1, 29), true},
		{caso.RDCAltro, caso.RDC, giorno.Data(2023, 12, 31), true},
		{caso.RDCAltro, caso.RDC, giorno.Data(2024, 1, 1), false},
		{caso.RDCAltro, caso.PDC, giorno.Data(2023, 1, 1), true},
		{caso.RDCAltro, caso.ADI, giorno.Data(2023, 12, 31), false},
		{caso.ADIAltro, caso.ADI, giorno.Data(2023, 12, 17), false},
		{caso.ADIAltro, caso.ADI, giorno.Data(2023, 12, 18), true},
		{caso.ADIAltro, caso.ADI, giorno.Data(2026, 1, 1), true},
		{caso.ADIAltro, caso.RDC, giorno.Data(2023, 12, 31), false},
		{"", caso.RDC, giorno.Data(2023, 1, 1), false},
	} {
		if got := c.categoria.Vale(c.misura, c.fatto); got != c.want {
			t.Errorf("%q for %s on %s: %v", c.categoria, c.misura, c.fatto, got)
		}
	}
}

// atti is what may be asked of a segnalazione that was proposed.
var atti = []struct {
	name string
	cmd  domain.Command[caso.State, caso.Event]
}{
	{"ritira", ritira}, {"approva", approva}, {"rifiuta", rifiuta}, {"annulla", annulla}, {"rettifica", rettifica}, {"metti", metti},
	{"prendi", prendi}, {"invia", invia}, {"fallisci", fallisci}, {"acquisisci", acquisisci},
}

// TestEveryActInEveryStateOfASegnalazione is the table of domain rule 4.1.
func TestEveryActInEveryStateOfASegnalazione(t *testing.T) {
	niente := events(nil)
	for _, riga := range []struct {
		name  string
		given events
		// what each of atti answers: events, nil for nothing, or a refusal
		want []any
	}{
		{"none", events{rdc}, []any{
			caso.ErrSegnalazioneInesistente, caso.ErrSegnalazioneInesistente, caso.ErrSegnalazioneInesistente, caso.ErrSegnalazioneInesistente,
			caso.ErrSegnalazioneInesistente, caso.ErrSegnalazioneInesistente, caso.ErrSegnalazioneInesistente, caso.ErrSegnalazioneInesistente,
			caso.ErrSegnalazioneInesistente, caso.ErrSegnalazioneInesistente,
		}},
		{"da validare", daValidare, []any{
			events{ritirata}, events{approvata}, events{rifiutata}, caso.ErrNonApprovata, caso.ErrNonInviata, caso.ErrNonApprovata,
			caso.ErrNonApprovata, caso.ErrNonPresa, caso.ErrNonPresa, caso.ErrNonPresa,
		}},
		{"ritirata", ritirate, []any{
			niente, caso.ErrRitirata, caso.ErrRitirata, caso.ErrNonApprovata, caso.ErrNonInviata, caso.ErrNonApprovata,
			caso.ErrNonApprovata, caso.ErrNonPresa, caso.ErrNonPresa, caso.ErrNonPresa,
		}},
		{"approvata", approvate, []any{
			caso.ErrGiaDecisa, niente, caso.ErrGiaDecisa, events{fermata}, caso.ErrNonInviata, events{inUscita},
			caso.ErrAltroFlusso, caso.ErrNonPresa, caso.ErrNonPresa, caso.ErrNonPresa,
		}},
		{"rifiutata", rifiutate, []any{
			caso.ErrGiaDecisa, caso.ErrGiaDecisa, niente, caso.ErrNonApprovata, caso.ErrNonInviata, caso.ErrNonApprovata,
			caso.ErrNonApprovata, caso.ErrNonPresa, caso.ErrNonPresa, caso.ErrNonPresa,
		}},
		{"in uscita", inUscite, []any{
			caso.ErrGiaDecisa, niente, caso.ErrGiaDecisa, events{fermata}, caso.ErrNonInviata, niente,
			events{presa}, caso.ErrNonPresa, caso.ErrNonPresa, caso.ErrNonPresa,
		}},
		{"presa", prese, []any{
			caso.ErrGiaDecisa, niente, caso.ErrGiaDecisa, caso.ErrInTrasmissione, caso.ErrNonInviata, niente,
			niente, events{scaduta, inviata}, events{fallita}, events{scaduta, inviata, acquisita},
		}},
		{"fallita", fallite, []any{
			caso.ErrGiaDecisa, niente, caso.ErrGiaDecisa, caso.ErrInTrasmissione, caso.ErrNonInviata, niente,
			caso.ErrTentativo, events{scaduta, inviata}, niente, events{scaduta, inviata, acquisita},
		}},
		{"inviata", inviate, []any{
			caso.ErrGiaDecisa, niente, caso.ErrGiaDecisa, caso.ErrGiaInviata, events{rettificata}, caso.ErrGiaInviata,
			caso.ErrGiaInviata, niente, niente, events{acquisita},
		}},
		{"acquisita", acquisite, []any{
			caso.ErrGiaDecisa, niente, caso.ErrGiaDecisa, caso.ErrGiaInviata, events{rettificata}, caso.ErrGiaInviata,
			caso.ErrGiaInviata, niente, niente, niente,
		}},
		{"annullata", fermate, []any{
			caso.ErrGiaDecisa, caso.ErrGiaDecisa, caso.ErrGiaDecisa, niente, caso.ErrNonInviata, caso.ErrInvioAnnullato,
			caso.ErrInvioAnnullato, caso.ErrInvioAnnullato, caso.ErrInvioAnnullato, caso.ErrInvioAnnullato,
		}},
		{"rettificata", rettificate, []any{
			caso.ErrGiaDecisa, caso.ErrGiaDecisa, caso.ErrGiaDecisa, caso.ErrRettificata, niente, caso.ErrRettificata,
			caso.ErrRettificata, niente, niente, caso.ErrRettificata,
		}},
	} {
		for i, atto := range atti {
			sc := scenario{Name: riga.name + ": " + atto.name, Given: riga.given, When: atto.cmd}
			switch want := riga.want[i].(type) {
			case events:
				sc.Then = want
			case error:
				sc.Err = want
				if want == error(caso.ErrTentativo) {
					sc.Field = "tentativo"
				}
			}
			domaintest.Run(t, caso.Decider, sc)
		}
	}
}

func TestDecidereSegnalazione(t *testing.T) {
	diAnna := caso.ApprovaSegnalazione{Segnalazione: s1, Operatore: anna}
	domaintest.Run(t, caso.Decider,
		scenario{
			Name:  "notes who approves what they proposed",
			Given: daValidare,
			When:  diAnna,
			Then:  events{caso.SegnalazioneApprovata{Segnalazione: s1, ApprovataDa: anna, StessoSoggetto: true}},
		},
		scenario{
			Name:  "refuses that where the ambito forbids it",
			Given: daValidare,
			When:  caso.ApprovaSegnalazione{Segnalazione: s1, Operatore: anna, PropriaVietata: true},
			Err:   caso.ErrPropria,
		},
		scenario{
			Name:  "lets another approve where the ambito forbids that",
			Given: daValidare,
			When:  caso.ApprovaSegnalazione{Segnalazione: s1, Operatore: dora, Nota: "urgente", PropriaVietata: true},
			Then:  events{caso.SegnalazioneApprovata{Segnalazione: s1, ApprovataDa: dora, Nota: "urgente"}},
		},
		scenario{Name: "refuses the approval of a second coordinator", Given: approvate, When: caso.ApprovaSegnalazione{Segnalazione: s1, Operatore: bruno}, Err: caso.ErrGiaDecisa},
		scenario{Name: "refuses an approval by nobody", Given: daValidare, When: caso.ApprovaSegnalazione{Segnalazione: s1}, Err: caso.ErrSegnalazioneID, Field: "approvata_da"},
		scenario{Name: "refuses a refusal by nobody", Given: daValidare, When: caso.RifiutaSegnalazione{Segnalazione: s1, Motivazione: "mancano le prove"}, Err: caso.ErrSegnalazioneID, Field: "rifiutata_da"},
		scenario{Name: "refuses a note that is too long", Given: daValidare, When: caso.ApprovaSegnalazione{Segnalazione: s1, Operatore: dora, Nota: lungo}, Err: caso.ErrSegnalazioneMotivo, Field: "nota"},
		scenario{
			Name:  "refuses a refusal that says too little",
			Given: daValidare,
			When:  caso.RifiutaSegnalazione{Segnalazione: s1, Operatore: dora, Motivazione: "   no no     "},
			Err:   caso.ErrSegnalazioneMotivo, Field: "motivazione",
		},
		scenario{Name: "refuses to withdraw without a reason", Given: daValidare, When: caso.RitiraSegnalazione{Segnalazione: s1}, Err: caso.ErrSegnalazioneMotivo, Field: "motivazione"},
		scenario{Name: "refuses to annul without a reason", Given: approvate, When: caso.AnnullaInvio{Segnalazione: s1}, Err: caso.ErrSegnalazioneMotivo, Field: "motivazione"},
		scenario{Name: "refuses to rectify without a reason", Given: inviate, When: caso.RettificaSegnalazione{Segnalazione: s1}, Err: caso.ErrSegnalazioneMotivo, Field: "motivazione"},
		scenario{Name: "refuses to rectify where the ambito does not", Given: inviate, When: caso.RettificaSegnalazione{Segnalazione: s1, Motivazione: "x", Vietata: true}, Err: caso.ErrRettificaVietata},
		scenario{
			Name:  "goes on when the case is closed",
			Given: append(events{}, append(daValidare, caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia})...),
			When:  approva,
			Then:  events{approvata},
		},
	)
}

func TestSpedireSegnalazione(t *testing.T) {
	seconda := caso.SegnalazionePresaPerInvio{Segnalazione: s1, Flusso: "20231220-1", Tentativo: 2}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "puts it into one feed only", Given: inUscite, When: caso.MettiInUscita{Segnalazione: s1, Flusso: "20231220-2"}, Err: caso.ErrAltroFlusso},
		scenario{Name: "needs the name of the feed", Given: approvate, When: caso.MettiInUscita{Segnalazione: s1}, Err: caso.ErrSegnalazioneDati, Field: "flusso_id"},
		scenario{Name: "takes it from its feed only", Given: inUscite, When: caso.PrendiPerInvio{Segnalazione: s1, Flusso: "20231220-2", Tentativo: 1}, Err: caso.ErrAltroFlusso},
		scenario{Name: "does not begin with the second sending", Given: inUscite, When: caso.PrendiPerInvio{Segnalazione: s1, Flusso: "20231220-1", Tentativo: 2}, Err: caso.ErrTentativo, Field: "tentativo"},
		scenario{Name: "takes it again after a failure", Given: fallite, When: caso.PrendiPerInvio{Segnalazione: s1, Flusso: "20231220-1", Tentativo: 2}, Then: events{seconda}},
		scenario{Name: "takes it again though the outcome is not known", Given: prese, When: caso.PrendiPerInvio{Segnalazione: s1, Flusso: "20231220-1", Tentativo: 2}, Then: events{seconda}},
		scenario{Name: "needs the number that INPS gave", Given: prese, When: caso.RegistraInvio{Segnalazione: s1, InviataIl: ieri, Oggi: dicembre}, Err: caso.ErrSegnalazioneDati, Field: "protocollo_invio"},
		scenario{Name: "needs the instant of the sending", Given: prese, When: caso.RegistraInvio{Segnalazione: s1, Protocollo: "INPS.1", Oggi: dicembre}, Err: caso.ErrSegnalazioneDati, Field: "inviata_il"},
		scenario{Name: "notices that INPS has it twice", Given: inviate, When: caso.RegistraInvio{Segnalazione: s1, Protocollo: "INPS.2", InviataIl: ieri}, Err: caso.ErrProtocollo, Field: "protocollo_invio"},
		scenario{Name: "needs the error of a failure", Given: prese, When: caso.RegistraInvioFallito{Segnalazione: s1, Tentativo: 1}, Err: caso.ErrSegnalazioneMotivo, Field: "errore"},
		scenario{Name: "knows no failure of a sending that never began", Given: prese, When: caso.RegistraInvioFallito{Segnalazione: s1, Errore: "x", Tentativo: 2}, Err: caso.ErrTentativo, Field: "tentativo"},
		scenario{Name: "needs the receipt", Given: inviate, When: caso.RegistraAcquisizione{Segnalazione: s1}, Err: caso.ErrSegnalazioneDati, Field: "ricevuta_inps"},
		scenario{Name: "takes a receipt without the number when that is known", Given: inviate, When: caso.RegistraAcquisizione{Segnalazione: s1, Ricevuta: "R-1"}, Then: events{acquisita}},
		scenario{Name: "needs the number when it is not known", Given: prese, When: caso.RegistraAcquisizione{Segnalazione: s1, Ricevuta: "R-1", Istante: ieri}, Err: caso.ErrSegnalazioneDati, Field: "protocollo_invio"},
		scenario{Name: "needs the instant when that is not known", Given: prese, When: caso.RegistraAcquisizione{Segnalazione: s1, Protocollo: "INPS.1", Ricevuta: "R-1"}, Err: caso.ErrSegnalazioneDati, Field: "istante"},
		scenario{Name: "refuses the receipt of another number", Given: inviate, When: caso.RegistraAcquisizione{Segnalazione: s1, Protocollo: "INPS.2", Ricevuta: "R-1"}, Err: caso.ErrProtocollo, Field: "protocollo_invio"},
		scenario{Name: "refuses a second receipt", Given: acquisite, When: caso.RegistraAcquisizione{Segnalazione: s1, Ricevuta: "R-2"}, Err: caso.ErrProtocollo, Field: "ricevuta_inps"},
		scenario{
			Name:  "notes no delay when it is sent in time",
			Given: prese,
			When:  caso.RegistraInvio{Segnalazione: s1, Protocollo: "INPS.1", InviataIl: ieri, Oggi: giorno.Data(2023, 10, 16)},
			Then:  events{inviata},
		},
	)
}

func TestASegnalazioneSaysWhatCanStillBeDone(t *testing.T) {
	type told struct{ Annullabile, EsitoIncerto, Finale bool }
	seconda := append(events{}, append(fallite, caso.SegnalazionePresaPerInvio{Segnalazione: s1, Tentativo: 2})...)
	primaIncerta := append(events{}, append(prese, caso.SegnalazionePresaPerInvio{Segnalazione: s1, Tentativo: 2}, caso.InvioSegnalazioneFallito{Segnalazione: s1, Tentativo: 2})...)
	for name, c := range map[string]struct {
		given events
		want  told
	}{
		"da validare": {daValidare, told{}}, "ritirata": {ritirate, told{Finale: true}}, "approvata": {approvate, told{Annullabile: true}},
		"rifiutata": {rifiutate, told{Finale: true}}, "in uscita": {inUscite, told{Annullabile: true}}, "presa": {prese, told{EsitoIncerto: true}},
		"fallita": {fallite, told{}}, "presa di nuovo": {seconda, told{EsitoIncerto: true}}, "la prima incerta, la seconda fallita": {primaIncerta, told{EsitoIncerto: true}},
		"inviata": {inviate, told{}}, "acquisita": {acquisite, told{}}, "annullata": {fermate, told{Finale: true}}, "rettificata": {rettificate, told{Finale: true}},
	} {
		s, _ := caso.Decider.Fold(caso.State{}, c.given...).Segnalazioni.Trova(s1)
		if diff := cmp.Diff(c.want, told{s.Annullabile(), s.EsitoIncerto(), s.Stato.Finale()}); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
	}
}
