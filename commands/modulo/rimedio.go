package modulo

import (
	"strings"

	"nucleo/domain/massivo"
)

// rimedi say in Italian, for whoever filled the form in, what the refusals of
// the API say in English.
var rimedi = map[string]string{
	"modulo.campo_mancante":               "Il campo va compilato.",
	"modulo.testo_troppo_lungo":           "Il testo è troppo lungo: abbreviarlo.",
	"modulo.data_non_valida":              "La data non esiste: scriverla nella forma gg/mm/aaaa.",
	"modulo.anno_a_due_cifre":             "Scrivere l'anno con quattro cifre.",
	"modulo.data_futura":                  "La data è futura: controllarla.",
	"modulo.luogo_sconosciuto":            "Il luogo di nascita non è quello del codice fiscale: scriverne il nome, o il codice catastale.",
	"modulo.genere_non_valido":            "Scrivere M o F.",
	"modulo.ruolo_sconosciuto":            "Scegliere un ruolo dell'elenco.",
	"modulo.comune_sconosciuto":           "Il comune non è dell'ambito: sceglierne uno dell'elenco.",
	"modulo.email_non_valida":             "L'indirizzo e-mail non è valido: correggerlo o toglierlo.",
	"modulo.telefono_non_valido":          "Il numero di telefono non è valido: correggerlo o toglierlo.",
	"operatore.codice_provvisorio":        "Serve il codice fiscale di 16 caratteri, non uno provvisorio.",
	"operatore.codice_divergente":         "Il campo non concorda con il codice fiscale: controllarli entrambi.",
	"codicefiscale.lunghezza":             "Il codice fiscale ha 16 caratteri.",
	"codicefiscale.carattere":             "Il codice fiscale contiene un carattere fuori posto.",
	"codicefiscale.nascita":               "Il codice fiscale indica un giorno che non esiste.",
	"codicefiscale.controllo":             "L'ultimo carattere del codice fiscale non corrisponde agli altri: uno è sbagliato.",
	"accreditamento.non_consentito":       "Il ruolo o l'ambito non è tra quelli che si possono accreditare: lasciare l'ambito già scritto.",
	"accreditamento.proprio":              "Nessuno cambia il proprio accreditamento: togliere la riga.",
	"accreditamento.comune_fuori_ambito":  "Il comune non è dell'ambito.",
	"accreditamento.comune_mancante":      "Il ruolo vale per uno o più comuni: indicarli.",
	"accreditamento.altro_ambito":         "La persona è accreditata in un altro ambito: là va prima revocata.",
	"accreditamento.incompatibile":        "Il ruolo non si può sommare a un altro della stessa persona.",
	"accreditamento.altro_fondo":          "La persona ha già il ruolo sullo stesso territorio, con un altro fondo.",
	"accreditamento.fondo_sconosciuto":    "Il fondo è PON, FONDO_POVERTA o ALTRO, e solo per i case manager.",
	"accreditamento.delega_mancante":      "Il comune non ha delegato l'ambito: indicare i comuni.",
	"accreditamento.operatore_sospeso":    "La persona è sospesa: va prima riattivata.",
	"accreditamento.richiesta_incompleta": "Mancano i dati della richiesta.",
	"accreditamento.richiesta_futura":     "La data della richiesta è futura: controllarla.",
	"accreditamento.convenzione_mancante": "Il comune (o l'ente che lo rappresenta) non ha ancora sottoscritto la convenzione: va prima registrata.",
	"operatore.nascita_non_valida":        "La data di nascita non è plausibile: controllare l'anno.",
	"accreditamento.dati_incompleti":      "La persona è già nota, ma senza nascita e genere: vanno prima completati.",
	"massivo.persona_diversa":             "Un'altra riga dice della stessa persona dati diversi: renderle uguali.",
	"accreditamento.ambito_sconosciuto":   "L'ambito non esiste: lasciare quello già scritto.",
	"operatore.dati_mancanti":             "Mancano dati della persona.",
	"accreditamento.ambito_superfluo":     "Il ruolo vale ovunque: togliere ambito e comuni.",
	"accreditamento.data_mancante":        "Manca il giorno da cui vale l'accreditamento.",
	"accreditamento.ambito_intero":        "Il ruolo vale su tutto l'ambito: togliere i comuni.",
	"accreditamento.ruolo_sconosciuto":    "Scegliere un ruolo dell'elenco.",
}

// Rimedio is what to do about an error, in Italian where it is known.
func Rimedio(e massivo.Errore) string {
	if r := rimedi[e.Codice]; r != "" {
		return r
	}
	return strings.TrimSpace(e.Suggerimento)
}
