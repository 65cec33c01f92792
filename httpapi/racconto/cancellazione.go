package racconto

import (
	"fmt"

	"nucleo/domain/cancellazione"
)

// deiDati says whose data, and names nobody: they are erased, or are about to be.
func deiDati(s cancellazione.Soggetto) string {
	switch s.Tipo {
	case cancellazione.Nucleo:
		return "dei dati del nucleo"
	case cancellazione.Persona:
		return "dei dati di una persona del nucleo"
	case cancellazione.Documento:
		return "dei testi di un evento"
	}
	return "dei dati di un operatore"
}

// quante counts.
func quante(n int, una, molte string) string {
	if n == 1 {
		return "1 " + una
	}
	return fmt.Sprintf("%d %s", n, molte)
}

// delleCancellazioni are told beside a case: they have streams of their own.
var delleCancellazioni = []frase{
	di(func(_ *Narratore, e cancellazione.Scadenza) string {
		return fmt.Sprintf("Cancellazione %s proposta dal sistema: il termine di conservazione, dal %s, è decorso", deiDati(e.Soggetto), data(e.Fine))
	}),
	di(func(_ *Narratore, e cancellazione.Accantonamento) string {
		return "Proposta di cancellazione accantonata: " + parole(e.Motivo)
	}),
	di(func(_ *Narratore, e cancellazione.Richiesta) string {
		return fmt.Sprintf("Cancellazione %s richiesta: %s, atto %s", deiDati(e.Soggetto), parole(e.Base), e.Riferimento)
	}),
	di(func(_ *Narratore, e cancellazione.Rifiuto) string {
		return "Cancellazione rifiutata: " + parole(e.Motivo)
	}),
	di(func(*Narratore, cancellazione.Autorizzazione) string { return "Cancellazione autorizzata" }),
	di(func(_ *Narratore, e cancellazione.ChiaviDistrutte) string {
		return fmt.Sprintf("Cancellazione %s eseguita: %s, %s", deiDati(e.Soggetto),
			quante(e.Chiavi, "chiave distrutta", "chiavi distrutte"), quante(e.Valori, "valore non più leggibile", "valori non più leggibili"))
	}),
	di(func(_ *Narratore, e cancellazione.Prova) string {
		s := fmt.Sprintf("Cancellazione provata: %s, nessuno leggibile", quante(e.Tentati, "valore provato", "valori provati"))
		if e.Chiaro > 0 {
			s += "; in chiaro " + quante(e.Chiaro, "evento di prima della cifratura", "eventi di prima della cifratura")
		}
		return s
	}),
}
