package caso

// Etichetta is the label that operators know a state by; those that GePI shows
// are as it writes them (GEPI-53).
func (s StatoSegnalazione) Etichetta() string {
	switch s {
	case DaValidare:
		return "Da validare"
	case Ritirata:
		return "Ritirata"
	case Approvata:
		return "Approvata"
	case Rifiutata:
		return "Rifiutata"
	case InUscita:
		return "In uscita"
	case Inviata:
		return "Inviata"
	case Acquisita:
		return "Acquisita"
	case InvioFermato:
		return "Annullata"
	case Rettificata:
		return "Rettificata"
	}
	return ""
}
