// Package tracciato is how domande, variazioni and changes of benefits are written in files: one
// JSON object a line (NDJSON), or, for domande, CSV with one row for each
// componente. docs/formato-domande.md describes both for those who write them.
//
// What a reader finds wrong is told by row and field, and never quoted: the
// files hold personal data, and the reports do not.
package tracciato

import (
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
)

// Bounds of what is read: a hostile file costs no more memory than an honest one.
const (
	MaxRiga       = 256 << 10 // bytes of a line
	MaxComponenti = 40        // people of a domanda, and entries of each list of a variazione
	maxErroriRiga = 50        // problems reported of one record
)

// Domanda is a domanda as INPS sends it. The ambito may be left out: it
// follows from the comune.
type Domanda struct {
	IDDomanda              string        `json:"id_domanda"`
	Misura                 string        `json:"misura"`
	DataPresentazione      giorno.Giorno `json:"data_presentazione"`
	DataRiconoscimento     giorno.Giorno `json:"data_riconoscimento,omitzero"`
	DataSottoscrizionePAD  giorno.Giorno `json:"data_sottoscrizione_pad,omitzero"`
	DataTrasmissioneComune giorno.Giorno `json:"data_trasmissione_comune"`
	Ambito                 string        `json:"ambito,omitempty"`
	Comune                 string        `json:"comune"` // Belfiore
	Via                    string        `json:"via"`
	Civico                 string        `json:"civico,omitempty"`
	CAP                    string        `json:"cap"`
	ISEE                   int           `json:"isee,omitempty"`            // euro cents
	ImportoMensile         int           `json:"importo_mensile,omitempty"` // euro cents
	Telefono               string        `json:"telefono,omitempty"`
	Cellulare              string        `json:"cellulare,omitempty"`
	Email                  string        `json:"email,omitempty"`
	Componenti             []Componente  `json:"componenti"`
}

// Componente is one person of a nucleo, known by codice fiscale.
type Componente struct {
	CodiceFiscale          string        `json:"codice_fiscale"`
	Cognome                string        `json:"cognome"`
	Nome                   string        `json:"nome"`
	Sesso                  string        `json:"sesso"`
	DataNascita            giorno.Giorno `json:"data_nascita"`
	ComuneNascita          string        `json:"comune_nascita"` // Belfiore
	Nazionalita            string        `json:"nazionalita,omitempty"`
	Relazione              string        `json:"relazione_parentale"`
	Convivente             bool          `json:"convivente"`
	Disabilita             bool          `json:"disabilita"`
	GradoDisabilita        string        `json:"grado_disabilita,omitempty"`
	Occupazione            string        `json:"condizione_occupazionale,omitempty"`
	MesiDisoccupazione     int           `json:"periodo_disoccupazione_mesi,omitempty"`
	NASpI                  bool          `json:"naspi,omitempty"`
	DIDFirmata             bool          `json:"did_firmata,omitempty"`
	StatoPattoLavoro       string        `json:"stato_patto_lavoro,omitempty"`
	Studente               bool          `json:"studente,omitempty"`
	TitoloStudio           string        `json:"titolo_studio,omitempty"`
	QualificaProfessionale string        `json:"qualifica_professionale,omitempty"`
	TitoloSoggiorno        string        `json:"titolo_soggiorno,omitempty"`
	TenutoAgliObblighi     bool          `json:"tenuto_agli_obblighi"`
	StatoBeneficio         string        `json:"stato_beneficio,omitempty"`
	Telefono               string        `json:"telefono,omitempty"`
	Cellulare              string        `json:"cellulare,omitempty"`
	Email                  string        `json:"email,omitempty"`
}

// What a variazione is about.
const (
	VariazioneNucleo = "NUCLEO"        // who is in the nucleo
	Trasferimento    = "TRASFERIMENTO" // where it lives
)

// Variazione is a change after the domanda. Which fields it has depends on Tipo.
type Variazione struct {
	IDDomanda      string        `json:"id_domanda"`
	Tipo           string        `json:"tipo"`
	DataDecorrenza giorno.Giorno `json:"data_decorrenza"`
	Fonte          string        `json:"fonte,omitempty"`
	Aggiunti       []Componente  `json:"aggiunti,omitempty"`
	Rimossi        []Uscita      `json:"rimossi,omitempty"`
	Modificati     []Componente  `json:"modificati,omitempty"`
	Ambito         string        `json:"ambito,omitempty"`
	Comune         string        `json:"comune,omitempty"` // Belfiore
	Via            string        `json:"via,omitempty"`
	Civico         string        `json:"civico,omitempty"`
	CAP            string        `json:"cap,omitempty"`
}

// Uscita is a person who leaves a nucleo, and why.
type Uscita struct {
	CodiceFiscale string `json:"codice_fiscale"`
	Motivo        string `json:"motivo"`
}

// Ricevuta is the domanda as the case keeps it. Its ambito may be empty.
func (d Domanda) Ricevuta() caso.DomandaRicevuta {
	return caso.DomandaRicevuta{
		IDDomanda: d.IDDomanda, Misura: caso.Misura(d.Misura),
		DataPresentazione: d.DataPresentazione, DataRiconoscimento: d.DataRiconoscimento,
		DataSottoscrizionePAD: d.DataSottoscrizionePAD, DataTrasmissioneComune: d.DataTrasmissioneComune,
		Ambito: d.Ambito, Comune: d.Comune,
		Indirizzo:  caso.Indirizzo{Via: d.Via, Civico: d.Civico, CAP: d.CAP, Comune: d.Comune},
		Componenti: componenti(d.Componenti), ISEE: d.ISEE, ImportoMensile: d.ImportoMensile,
		Recapiti: caso.Recapiti{Telefono: d.Telefono, Cellulare: d.Cellulare, Email: d.Email},
	}
}

// Nucleo is the command that a variazione of the nucleo asks for.
func (v Variazione) Nucleo() caso.AggiornaNucleo {
	cmd := caso.AggiornaNucleo{
		Aggiunti: componenti(v.Aggiunti), Modificati: componenti(v.Modificati),
		DataDecorrenza: v.DataDecorrenza, Fonte: caso.Fonte(v.Fonte),
	}
	for _, u := range v.Rimossi {
		cmd.Rimossi = append(cmd.Rimossi, caso.Uscita(u))
	}
	return cmd
}

// Comando is the command that the variazione asks for, as far as it stands in
// the file: a move needs to know where the case manager works, too.
func (v Variazione) Comando(oggi giorno.Giorno) domain.Command[caso.State, caso.Event] {
	if v.Tipo == Trasferimento {
		cmd := v.Trasferisci()
		cmd.Oggi = oggi
		return cmd
	}
	cmd := v.Nucleo()
	cmd.Oggi = oggi
	return cmd
}

// Trasferisci is the command that a move asks for. Its ambito may be empty.
func (v Variazione) Trasferisci() caso.Trasferisci {
	return caso.Trasferisci{
		Ambito: v.Ambito, Comune: v.Comune, DataDecorrenza: v.DataDecorrenza,
		Indirizzo: caso.Indirizzo{Via: v.Via, Civico: v.Civico, CAP: v.CAP, Comune: v.Comune},
	}
}

func componenti(letti []Componente) []caso.Componente {
	persone := make([]caso.Componente, len(letti))
	for i, c := range letti {
		persone[i] = caso.Componente{
			CodiceFiscale: c.CodiceFiscale, Cognome: c.Cognome, Nome: c.Nome, Sesso: c.Sesso,
			DataNascita: c.DataNascita, ComuneNascita: c.ComuneNascita, Nazionalita: c.Nazionalita,
			Relazione: c.Relazione, Convivente: c.Convivente, Disabilita: c.Disabilita, GradoDisabilita: c.GradoDisabilita,
			Occupazione: c.Occupazione, MesiDisoccupazione: c.MesiDisoccupazione, NASpI: c.NASpI, DIDFirmata: c.DIDFirmata,
			StatoPattoLavoro: c.StatoPattoLavoro, Studente: c.Studente, TitoloStudio: c.TitoloStudio,
			QualificaProfessionale: c.QualificaProfessionale, TitoloSoggiorno: c.TitoloSoggiorno,
			TenutoAgliObblighi: c.TenutoAgliObblighi, StatoBeneficio: c.StatoBeneficio,
			Recapiti: caso.Recapiti{Telefono: c.Telefono, Cellulare: c.Cellulare, Email: c.Email},
		}
	}
	return persone
}
