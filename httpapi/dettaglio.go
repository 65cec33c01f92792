package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// casoCompleto is a case as its case manager sees it: all that its events say,
// as it stands today. Its form is the API's own, whatever the events look like.
type casoCompleto struct {
	ID           id.Caso         `json:"id"`
	IDDomanda    string          `json:"id_domanda"`
	Misura       caso.Misura     `json:"misura"`
	Stato        caso.Stato      `json:"stato"`
	Etichetta    string          `json:"etichetta"`
	RiprendeDa   caso.Stato      `json:"riprende_da,omitempty"` // of a case that is not open: where it goes on
	Chiusura     *vistaChiusura  `json:"chiusura,omitempty"`
	Esclusione   *vistaEscluso   `json:"esclusione,omitempty"`
	Ambito       string          `json:"ambito"`
	Comune       comune          `json:"comune"`
	Assegnazione responsabilita  `json:"assegnazione"`
	Domanda      vistaDomanda    `json:"domanda"`
	Nucleo       vistaNucleo     `json:"nucleo"`
	Beneficio    vistaBeneficio  `json:"beneficio"`
	Esoneri      vistaEsoneri    `json:"esoneri"`
	AP           *vistaAP        `json:"analisi_preliminare,omitempty"` // once it was begun
	QA           *vistaQA        `json:"quadro_analisi,omitempty"`
	PaIS         vistaPaIS       `json:"pais"`
	Sostegni     []vistaSostegno `json:"sostegni"` // all there ever were
	Incontri     []vistaIncontro `json:"incontri"`
	Valutazioni  []vistaImpegno  `json:"valutazioni_impegni"` // outside meetings
	Segnalazioni []vistaSegnala  `json:"segnalazioni"`
	Comunica     vistaComunica   `json:"comunicazioni"`
	Diario       []vistaNota     `json:"diario"`
	Scadenze     []vistaScadenza `json:"scadenze"`          // that run
	Superate     []vistaSuperata `json:"scadenze_superate"` // that were noted

	Protezione *vistaProtezione `json:"protezione,omitempty"` // of a protected case
}

type vistaChiusura struct {
	Motivo      caso.MotivoChiusura `json:"motivo"`
	Motivazione string              `json:"motivazione,omitempty"`
	Data        giorno.Giorno       `json:"data"`
}

type vistaEscluso struct {
	Motivo caso.MotivoEsclusione `json:"motivo"`
	Data   giorno.Giorno         `json:"data"`
}

// importo is money as ModI writes it.
type importo struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// sguardo is a case that somebody looks at on a day.
type sguardo struct {
	stato   caso.State // as it is shown
	vero    caso.State // by which is reckoned; the same, unless what is shown is masked
	ricordi ricordi
	oggi    giorno.Giorno
	zona    *time.Location
	chi     uuid.UUID // who looks: their own private notes are shown to them alone
	tutte   bool      // private notes of others are shown too, without what they say
	nomi    nominatore
}

// nominatore knows those who act by their names.
type nominatore interface{ di(uuid.UUID) *nominato }

// dettaglio shows a case to its case manager. Names of operators come from a
// list, and may be missing.
func (a *API) dettaglio(ctx context.Context, c id.Caso, storia commands.Storia, chi uuid.UUID) casoCompleto {
	v := sguardo{stato: storia.Stato, vero: storia.Stato, ricordi: ricorda(storia.Eventi), oggi: a.oggi(), zona: a.Zona, chi: chi}
	nomi, err := a.nomi(ctx, v.operatori()...)
	if err != nil {
		a.Log.WarnContext(ctx, "case without names", "richiesta", requestID(ctx), "err", err)
	}
	v.nomi = nomi
	return v.mostra(c)
}

func (v sguardo) mostra(c id.Caso) casoCompleto {
	s := v.stato
	out := casoCompleto{
		ID: c, IDDomanda: s.Domanda.IDDomanda, Misura: s.Domanda.Misura, Stato: s.Stato, Etichetta: s.Stato.Etichetta(),
		Ambito: s.Ambito, Comune: comuneDi(s.Comune), Assegnazione: mostraStato(s).Assegnazione,
		Domanda: v.domanda(), Nucleo: v.nucleo(), Beneficio: mostraBeneficio(s.Beneficio), Esoneri: v.esoneri(),
		AP: v.ap(), QA: v.qa(), PaIS: v.pais(), Sostegni: v.sostegni(),
		Incontri: v.incontri(), Valutazioni: valutazioni(s.Incontri.Valutati), Segnalazioni: v.segnalazioni(),
		Comunica: v.comunicazioni(), Diario: v.diario(), Scadenze: v.scadenze(), Superate: superate(s.Superate),
		Protezione: protezioneDi(s),
	}
	if !s.Stato.Aperto() {
		out.RiprendeDa = s.Lavoro
	}
	if k := s.Chiusura; k.Motivo != "" {
		out.Chiusura = &vistaChiusura{k.Motivo, k.Motivazione, k.Data}
	}
	if e := v.ricordi.esclusione; s.Stato == caso.Escluso {
		out.Esclusione = &vistaEscluso{e.Motivo, e.Data}
	}
	return out
}

// operatori are those whom the case speaks of.
func (v sguardo) operatori() (ids []uuid.UUID) {
	for _, x := range v.stato.Segnalazioni {
		ids = append(ids, x.Proposta.PropostaDa.UUID, x.DecisaDa.UUID)
	}
	for _, x := range v.stato.Incontri.Elenco {
		ids = append(ids, x.Pianificato.Operatore.UUID)
	}
	for _, m := range v.ricordi.note {
		ids = append(ids, m.Attore)
	}
	return ids
}

// ogni shows each of some things.
func ogni[V, W any](voci []V, mostra func(V) W) []W {
	viste := make([]W, len(voci))
	for i, v := range voci {
		viste[i] = mostra(v)
	}
	return viste
}

// quando is an instant as the API writes it; the zero time is none.
func quando(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}
