package ambito

import (
	"slices"

	"nucleo/domain"
)

// Mancanza is something that an ambito needs and has not (ACC-05, ACC-24..26).
type Mancanza struct {
	Comune      string // Belfiore; none for the ambito
	Codice      CodiceMancanza
	Descrizione string
}

// CodiceMancanza names what is missing.
type CodiceMancanza string

// What can be missing.
const (
	SenzaAmministratore       CodiceMancanza = "AMMINISTRATORE_MANCANTE"
	SenzaConvenzione          CodiceMancanza = "CONVENZIONE_MANCANTE"
	SenzaCoordinatore         CodiceMancanza = "COORDINATORE_PAIS_MANCANTE"
	SenzaCaseManager          CodiceMancanza = "CASE_MANAGER_MANCANTE"
	SenzaCoordinatoreControli CodiceMancanza = "COORDINATORE_CONTROLLI_MANCANTE"
	SenzaResponsabileControli CodiceMancanza = "RESPONSABILE_CONTROLLI_MANCANTE"
)

// Incarico is a role that somebody holds on a territory of the ambito.
type Incarico struct {
	Ruolo      domain.Ruolo
	Territorio domain.Territorio
}

// richiesti are the roles that somebody must hold for each comune. One person
// may hold several.
var richiesti = []struct {
	ruolo       domain.Ruolo
	codice      CodiceMancanza
	descrizione string
}{
	{domain.CoordinatorePaIS, SenzaCoordinatore, "no coordinatore PaIS covers the comune: accredit one (ACC-24, ACC-26)"},
	{domain.CaseManager, SenzaCaseManager, "no case manager covers the comune: accredit one (ACC-24, ACC-26)"},
	{domain.CoordinatoreControlli, SenzaCoordinatoreControli, "no coordinatore controlli anagrafici covers the comune: accredit one (ACC-25)"},
	{domain.ResponsabileControlli, SenzaResponsabileControli, "no responsabile controlli anagrafici covers the comune: accredit one (ACC-25)"},
}

// Dotazione is what an ambito lacks, the ambito first, then by comune. Whoever
// works on the ambito whole covers a comune for the presa in carico when it
// delegated its duties; a comune that did not has people of its own (ACC-24).
func (s State) Dotazione(incarichi []Incarico) (mancanze []Mancanza) {
	if !slices.ContainsFunc(incarichi, func(i Incarico) bool { return i.Ruolo == domain.AmministratoreAmbito }) {
		mancanze = append(mancanze, Mancanza{Codice: SenzaAmministratore, Descrizione: "nobody administers the ambito: a Super Utente accredits the amministratore (ACC-10)"})
	}
	for _, comune := range slices.Sorted(slices.Values(s.Comuni)) {
		if !slices.ContainsFunc(s.Convenzioni, func(c Convenzione) bool { return c.Comune == comune }) {
			mancanze = append(mancanze, Mancanza{comune, SenzaConvenzione, "the comune has signed no agreement: register it (ACC-05)"})
		}
		delegato := slices.ContainsFunc(s.Deleghe, func(d Delega) bool { return d.Comune == comune })
		for _, r := range richiesti {
			if !slices.ContainsFunc(incarichi, func(i Incarico) bool {
				return i.Ruolo == r.ruolo && (slices.Contains(i.Territorio.Comuni, comune) || delegato && len(i.Territorio.Comuni) == 0)
			}) {
				mancanze = append(mancanze, Mancanza{comune, r.codice, r.descrizione})
			}
		}
	}
	return mancanze
}
