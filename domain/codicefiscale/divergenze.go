package codicefiscale

// Dati is what somebody declares about themselves. Zero fields say nothing.
type Dati struct {
	Cognome, Nome      string
	Anno, Mese, Giorno int    // of birth, the year in four digits
	Sesso              string // "M" or "F"
	Luogo              string // Belfiore code of the comune or state of birth
}

// Divergenze lists the fields of the declared data that the code contradicts:
// "cognome", "nome", "data_nascita", "sesso", "luogo_nascita". A provisional
// code contradicts nothing. Whether it is an error or a warning is for the caller:
// registries hold old mistakes.
func (c Codice) Divergenze(d Dati) []string {
	if len(c) != lungo {
		return nil
	}
	var campi []string
	diverge := func(campo string, si bool) {
		if si {
			campi = append(campi, campo)
		}
	}
	cognome, okC := triplaCognome(d.Cognome)
	nome, okN := triplaNome(d.Nome)
	anno, mese, giorno := c.Nascita()
	diverge("cognome", d.Cognome != "" && (!okC || cognome != string(c[:3])))
	diverge("nome", d.Nome != "" && (!okN || nome != string(c[3:6])))
	diverge("data_nascita", d.Anno != 0 && (d.Anno%100 != anno || d.Mese != mese || d.Giorno != giorno))
	diverge("sesso", d.Sesso != "" && d.Sesso != c.Sesso())
	diverge("luogo_nascita", d.Luogo != "" && d.Luogo != c.Luogo())
	return campi
}
