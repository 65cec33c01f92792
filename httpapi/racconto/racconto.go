// Package racconto tells the events of a case, and of the erasures in it, in
// sentences that whoever opens it can read. There is one sentence for each kind of event, in one table. It
// quotes no free text: what people wrote is read where the thing itself is
// shown.
package racconto

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Narratore tells the events of one case, in the order in which they happened:
// it remembers who is who, and what a thing is called that later events name
// by its id. What it is told masked, it tells masked.
type Narratore struct {
	operatore func(uuid.UUID) string
	zona      *time.Location
	persone   map[id.Componente]string
	nomi      map[uuid.UUID]string // of obiettivi, impegni, sostegni, segnalazioni, communications and meetings
}

// Nuovo is a narrator who has heard nothing. operatore names operators; one
// without a name is told as such. Times are told as clocks show them in zona.
func Nuovo(operatore func(uuid.UUID) string, zona *time.Location) *Narratore {
	return &Narratore{operatore: operatore, zona: zona, persone: map[id.Componente]string{}, nomi: map[uuid.UUID]string{}}
}

// Racconta is the sentence of an event; empty when there is none.
func (n *Narratore) Racconta(e domain.Event) string {
	n.ascolta(e)
	if dice, nota := frasi[e.EventType()]; nota {
		return dice(n, e)
	}
	return ""
}

// frase is the sentence of one kind of event.
type frase struct {
	tipo string
	dice func(*Narratore, domain.Event) string
}

// di makes a row of the table.
func di[E domain.Event](dice func(*Narratore, E) string) frase {
	var zero E
	return frase{zero.EventType(), func(n *Narratore, e domain.Event) string {
		questo, ok := e.(E)
		if !ok {
			return ""
		}
		return dice(n, questo)
	}}
}

// frasi is the whole table, by the name of the event.
var frasi = tabella(delCiclo, delNucleo, dellAssegnazione, dellAP, delQA, delPaIS, deiSostegni, degliIncontri, delleSegnalazioni, delleComunicazioni, delleCancellazioni)

func tabella(parti ...[]frase) map[string]func(*Narratore, domain.Event) string {
	t := map[string]func(*Narratore, domain.Event) string{}
	for _, f := range slices.Concat(parti...) {
		t[f.tipo] = f.dice
	}
	return t
}

// ascolta remembers what things are called.
func (n *Narratore) ascolta(e domain.Event) {
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		n.conosce(e.Componenti)
	case caso.ComposizioneNucleoAggiornata:
		n.conosce(e.Aggiunti)
		n.conosce(e.Modificati)
	case caso.ObiettivoDefinito:
		n.nomi[e.Obiettivo.ID.UUID] = e.Descrizione
	case caso.ObiettivoModificato:
		n.nomi[e.Obiettivo.ID.UUID] = e.Descrizione
	case caso.ImpegnoDefinito:
		n.nomi[e.Impegno.ID.UUID] = e.Descrizione
	case caso.ImpegnoModificato:
		n.nomi[e.Impegno.ID.UUID] = e.Descrizione
	case caso.SostegnoPrevisto:
		n.nomi[e.Sostegno.ID.UUID] = parole(e.Tipo)
	case caso.SostegnoModificato:
		n.nomi[e.Sostegno.ID.UUID] = parole(e.Tipo)
	case caso.SegnalazioneProposta:
		n.nomi[e.Segnalazione.UUID] = categoria(e.Categoria)
	case caso.ComunicazioneAccodata:
		n.nomi[e.Comunicazione.UUID] = parole(e.Tipo)
	case caso.ComunicazioneFormaleRegistrata:
		n.nomi[e.Comunicazione.UUID] = parole(e.Tipo)
	}
}

func (n *Narratore) conosce(persone []caso.Componente) {
	for _, p := range persone {
		n.persone[p.ID] = strings.TrimSpace(p.Nome + " " + p.Cognome)
	}
}

// persona is a person of the nucleo by name.
func (n *Narratore) persona(p id.Componente) string {
	if nome := n.persone[p]; nome != "" {
		return nome
	}
	return "una persona non più nota"
}

// tutti are people by name.
func (n *Narratore) tutti(persone []id.Componente) string {
	nomi := make([]string, len(persone))
	for i, p := range persone {
		nomi[i] = n.persona(p)
	}
	return elenca(nomi)
}

// chi is an operator by name.
func (n *Narratore) chi(o id.Operatore) string {
	if nome := n.operatore(o.UUID); nome != "" {
		return nome
	}
	return "un operatore non più noto"
}

// nome is what a thing is called, in quotes.
func (n *Narratore) nome(cosa uuid.UUID) string {
	if nome := n.nomi[cosa]; nome != "" {
		return "«" + nome + "»"
	}
	return "non più noto"
}

// elenca joins as one speaks: a, b e c.
func elenca(voci []string) string {
	if len(voci) < 2 {
		return strings.Join(voci, "")
	}
	ultima := len(voci) - 1
	return strings.Join(voci[:ultima], ", ") + " e " + voci[ultima]
}

// data is a day as people write it, gg/mm/aaaa.
func data(g giorno.Giorno) string {
	if g.IsZero() {
		return "data non nota"
	}
	return g.Time().Format("02/01/2006")
}

// parole says a code in words: those of the table below, or those that it is
// made of.
func parole[C ~string](codice C) string {
	if detto, noto := detti[string(codice)]; noto {
		return detto
	}
	return strings.ToLower(strings.ReplaceAll(string(codice), "_", " "))
}

// categoria says a category without the measure, which the case says already.
func categoria(c caso.Categoria) string {
	s := string(c)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "RDC_"), "ADI_")
	return parole(s)
}

// detti are the codes that do not read as they are written.
var detti = map[string]string{
	"AVVENUTO_INCONTRO":                 "incontro avvenuto",
	"GIA_CANCELLATA":                    "già cancellata",
	"TERMINE_PIU_LUNGO":                 "termine più lungo",
	"ORDINE_AUTORITA":                   "ordine di un'autorità",
	"CPI":                               "centro per l'impiego",
	"SPECIALISTICO":                     "servizi specialistici",
	"CURA_MINORE_3":                     "cura di un minore di tre anni",
	"CURA_DISABILE":                     "cura di una persona con disabilità",
	"LAVORO_OLTRE_20_ORE":               "lavoro oltre 20 ore a settimana",
	"MALATTIA_GRAVIDANZA":               "malattia o gravidanza",
	"TUTTI_ESONERATI":                   "tutti esonerati",
	"TUTTI_ESCLUSI_PER_LEGGE":           "tutti esclusi per legge",
	"ESONERATI_ED_ESCLUSI":              "esonerati ed esclusi per legge",
	"PAIS_CONCLUSO":                     "PaIS concluso",
	"DECESSO_MONOCOMPONENTE":            "decesso dell'unica persona del nucleo",
	"FUORI_TERRITORIO":                  "fuori dal territorio del case manager",
	"REVOCA_ACCREDITAMENTO":             "accreditamento revocato",
	"MANCATA_SOTTOSCRIZIONE_PAIS":       "mancata sottoscrizione del PaIS",
	"MANCATA_PARTECIPAZIONE_INIZIATIVE": "mancata partecipazione alle iniziative",
	"MANCATA_ADESIONE_PUC":              "mancata adesione a un PUC",
	"MANCATO_RISPETTO_IMPEGNI":          "mancato rispetto degli impegni",
	"RACCOMANDATA_AR":                   "raccomandata A/R",
	"PEC":                               "PEC",
	"NOTIFICA_A_MANI":                   "notifica a mani",
	"SOSTEGNO_GENITORIALITA":            "sostegno alla genitorialità",
	"TIROCINIO_INCLUSIONE":              "tirocinio di inclusione",
	"FEA":                               "firma elettronica avanzata",
	"SOTTOSCRIZIONE_5":                  "comunicazione della mancata firma entro 5 giorni",
	"SEGNALAZIONE_10":                   "comunicazione a INPS entro 10 giorni lavorativi",
	"PRIMO_INCONTRO_120":                "primo incontro entro 120 giorni",
	"MONITORAGGIO_90":                   "incontro entro 90 giorni",
	"CONVOCAZIONE_30":                   "convocazione entro 30 giorni",
	"CONVOCAZIONE_60":                   "convocazione entro 60 giorni",
	"RICONVOCAZIONE":                    "nuova convocazione",
	"CONDIZIONI_FUNZIONAMENTI":          "condizioni e funzionamenti personali",
	"EDUCAZIONE_FORMAZIONE":             "educazione e formazione",
	"SINTESI_ESITO":                     "sintesi dell'esito",
}
