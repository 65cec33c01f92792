package tracciato

import "nucleo/domain/caso"

// campo is one field of a record: its name in JSON, where its value goes, and
// what the value may be. In the CSV of a domanda the columns have these names.
type campo[T any] struct {
	nome  string
	dove  func(*T) any // *string, *int, *bool, *giorno.Giorno, *[]Componente, *[]Uscita
	serve bool         // it may not be left out
	forma forma        // of text
	max   int          // of text, in characters; breve when 0
}

const breve = 80

// tabella is the layout of a record.
type tabella[T any] struct {
	campi []campo[T]
	posti map[string]int
}

func tabellaDi[T any](campi ...campo[T]) *tabella[T] {
	t := &tabella[T]{campi: campi, posti: map[string]int{}}
	for i, c := range campi {
		t.posti[c.nome] = i
	}
	return t
}

// Enumerations that the domain does not decide upon, and only keeps.
var (
	misure      = []string{string(caso.RDC), string(caso.PDC), string(caso.ADI)}
	fonti       = []string{string(caso.FonteINPS), string(caso.FonteComune)}
	disabilita  = []string{"MEDIA", "GRAVE", "NON_AUTOSUFFICIENZA"}
	occupazioni = []string{"OCCUPATO", "DISOCCUPATO", "INOCCUPATO", "STUDENTE", "PENSIONATO", "CASALINGO", "INABILE", "ALTRO"}
	patti       = []string{"NON_PREVISTO", "DA_SOTTOSCRIVERE", "SOTTOSCRITTO", "RIFIUTATO", "CONCLUSO"}
	titoli      = []string{"NESSUNO", "LICENZA_ELEMENTARE", "LICENZA_MEDIA", "QUALIFICA_PROFESSIONALE", "DIPLOMA", "LAUREA", "POST_LAUREA"}
	soggiorni   = []string{"SOGGIORNANTE_LUNGO_PERIODO", "FAMILIARE_CITTADINO_UE", "PROTEZIONE_INTERNAZIONALE", "PERMESSO_UNICO_LAVORO", "ALTRO"}
	benefici    = []string{"ATTIVO", "SOSPESO", "DECADUTO", "TERMINATO"}
)

var campiDomanda = tabellaDi(
	campo[Domanda]{nome: "id_domanda", dove: func(d *Domanda) any { return &d.IDDomanda }, serve: true, forma: idDomanda},
	campo[Domanda]{nome: "misura", dove: func(d *Domanda) any { return &d.Misura }, serve: true, forma: uno(misure)},
	campo[Domanda]{nome: "data_presentazione", dove: func(d *Domanda) any { return &d.DataPresentazione }, serve: true},
	campo[Domanda]{nome: "data_riconoscimento", dove: func(d *Domanda) any { return &d.DataRiconoscimento }},
	campo[Domanda]{nome: "data_sottoscrizione_pad", dove: func(d *Domanda) any { return &d.DataSottoscrizionePAD }},
	campo[Domanda]{nome: "data_trasmissione_comune", dove: func(d *Domanda) any { return &d.DataTrasmissioneComune }, serve: true},
	campo[Domanda]{nome: "ambito", dove: func(d *Domanda) any { return &d.Ambito }, forma: ambito},
	campo[Domanda]{nome: "comune", dove: func(d *Domanda) any { return &d.Comune }, serve: true, forma: luogo},
	campo[Domanda]{nome: "via", dove: func(d *Domanda) any { return &d.Via }, serve: true, max: 200},
	campo[Domanda]{nome: "civico", dove: func(d *Domanda) any { return &d.Civico }, max: 20},
	campo[Domanda]{nome: "cap", dove: func(d *Domanda) any { return &d.CAP }, serve: true, forma: codicePostale},
	campo[Domanda]{nome: "isee", dove: func(d *Domanda) any { return &d.ISEE }},
	campo[Domanda]{nome: "importo_mensile", dove: func(d *Domanda) any { return &d.ImportoMensile }},
	campo[Domanda]{nome: "telefono", dove: func(d *Domanda) any { return &d.Telefono }, max: 30},
	campo[Domanda]{nome: "cellulare", dove: func(d *Domanda) any { return &d.Cellulare }, max: 30},
	campo[Domanda]{nome: "email", dove: func(d *Domanda) any { return &d.Email }, forma: posta, max: 254},
	campo[Domanda]{nome: "componenti", dove: func(d *Domanda) any { return &d.Componenti }, serve: true},
)

var campiComponente = tabellaDi(
	campo[Componente]{nome: "codice_fiscale", dove: func(c *Componente) any { return &c.CodiceFiscale }, serve: true, forma: codiceFiscale},
	campo[Componente]{nome: "cognome", dove: func(c *Componente) any { return &c.Cognome }, serve: true},
	campo[Componente]{nome: "nome", dove: func(c *Componente) any { return &c.Nome }, serve: true},
	campo[Componente]{nome: "sesso", dove: func(c *Componente) any { return &c.Sesso }, serve: true, forma: uno([]string{"M", "F"})},
	campo[Componente]{nome: "data_nascita", dove: func(c *Componente) any { return &c.DataNascita }, serve: true},
	campo[Componente]{nome: "comune_nascita", dove: func(c *Componente) any { return &c.ComuneNascita }, serve: true, forma: luogo},
	campo[Componente]{nome: "nazionalita", dove: func(c *Componente) any { return &c.Nazionalita }, forma: nazione},
	campo[Componente]{nome: "relazione_parentale", dove: func(c *Componente) any { return &c.Relazione }, serve: true, forma: uno(caso.Relazioni)},
	campo[Componente]{nome: "convivente", dove: func(c *Componente) any { return &c.Convivente }, serve: true},
	campo[Componente]{nome: "disabilita", dove: func(c *Componente) any { return &c.Disabilita }, serve: true},
	campo[Componente]{nome: "grado_disabilita", dove: func(c *Componente) any { return &c.GradoDisabilita }, forma: uno(disabilita)},
	campo[Componente]{nome: "condizione_occupazionale", dove: func(c *Componente) any { return &c.Occupazione }, forma: uno(occupazioni)},
	campo[Componente]{nome: "periodo_disoccupazione_mesi", dove: func(c *Componente) any { return &c.MesiDisoccupazione }},
	campo[Componente]{nome: "naspi", dove: func(c *Componente) any { return &c.NASpI }},
	campo[Componente]{nome: "did_firmata", dove: func(c *Componente) any { return &c.DIDFirmata }},
	campo[Componente]{nome: "stato_patto_lavoro", dove: func(c *Componente) any { return &c.StatoPattoLavoro }, forma: uno(patti)},
	campo[Componente]{nome: "studente", dove: func(c *Componente) any { return &c.Studente }},
	campo[Componente]{nome: "titolo_studio", dove: func(c *Componente) any { return &c.TitoloStudio }, forma: uno(titoli)},
	campo[Componente]{nome: "qualifica_professionale", dove: func(c *Componente) any { return &c.QualificaProfessionale }, max: 200},
	campo[Componente]{nome: "titolo_soggiorno", dove: func(c *Componente) any { return &c.TitoloSoggiorno }, forma: uno(soggiorni)},
	campo[Componente]{nome: "tenuto_agli_obblighi", dove: func(c *Componente) any { return &c.TenutoAgliObblighi }, serve: true},
	campo[Componente]{nome: "stato_beneficio", dove: func(c *Componente) any { return &c.StatoBeneficio }, forma: uno(benefici)},
	campo[Componente]{nome: "telefono", dove: func(c *Componente) any { return &c.Telefono }, max: 30},
	campo[Componente]{nome: "cellulare", dove: func(c *Componente) any { return &c.Cellulare }, max: 30},
	campo[Componente]{nome: "email", dove: func(c *Componente) any { return &c.Email }, forma: posta, max: 254},
)

var campiVariazione = tabellaDi(
	campo[Variazione]{nome: "id_domanda", dove: func(v *Variazione) any { return &v.IDDomanda }, serve: true, forma: idDomanda},
	campo[Variazione]{nome: "tipo", dove: func(v *Variazione) any { return &v.Tipo }, serve: true, forma: uno([]string{VariazioneNucleo, Trasferimento})},
	campo[Variazione]{nome: "data_decorrenza", dove: func(v *Variazione) any { return &v.DataDecorrenza }, serve: true},
	campo[Variazione]{nome: "fonte", dove: func(v *Variazione) any { return &v.Fonte }, forma: uno(fonti)},
	campo[Variazione]{nome: "aggiunti", dove: func(v *Variazione) any { return &v.Aggiunti }},
	campo[Variazione]{nome: "rimossi", dove: func(v *Variazione) any { return &v.Rimossi }},
	campo[Variazione]{nome: "modificati", dove: func(v *Variazione) any { return &v.Modificati }},
	campo[Variazione]{nome: "ambito", dove: func(v *Variazione) any { return &v.Ambito }, forma: ambito},
	campo[Variazione]{nome: "comune", dove: func(v *Variazione) any { return &v.Comune }, forma: luogo},
	campo[Variazione]{nome: "via", dove: func(v *Variazione) any { return &v.Via }, max: 200},
	campo[Variazione]{nome: "civico", dove: func(v *Variazione) any { return &v.Civico }, max: 20},
	campo[Variazione]{nome: "cap", dove: func(v *Variazione) any { return &v.CAP }, forma: codicePostale},
)

var campiUscita = tabellaDi(
	campo[Uscita]{nome: "codice_fiscale", dove: func(u *Uscita) any { return &u.CodiceFiscale }, serve: true, forma: codiceFiscale},
	campo[Uscita]{nome: "motivo", dove: func(u *Uscita) any { return &u.Motivo }, serve: true, forma: uno(caso.MotiviUscita)},
)
