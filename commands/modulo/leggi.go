package modulo

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"nucleo/domain"
	"nucleo/domain/belfiore"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/massivo"
	"nucleo/domain/operatore"
)

// Voce is what a good row says: a person, and a role of theirs.
type Voce struct {
	Riga      int
	Dati      operatore.Registrato
	Accredita operatore.Accredita
}

// Refusals of what stands in a cell.
var (
	errMancante  = domain.Refuse(domain.Unprocessable, "modulo.campo_mancante", "the column must be filled in")
	errLungo     = domain.Refuse(domain.Unprocessable, "modulo.testo_troppo_lungo", "the text is too long for the column: shorten it")
	errData      = domain.Refuse(domain.Unprocessable, "modulo.data_non_valida", "there is no such day: write it as gg/mm/aaaa")
	errAnno      = domain.Refuse(domain.Unprocessable, "modulo.anno_a_due_cifre", "the century is not known: write the year with four digits")
	errFutura    = domain.Refuse(domain.Unprocessable, "modulo.data_futura", "the day lies in the future: check it")
	errLuogo     = domain.Refuse(domain.Unprocessable, "modulo.luogo_sconosciuto", "the place of birth is not that of the codice fiscale: write its name, or its Belfiore code")
	errGenere    = domain.Refuse(domain.Unprocessable, "modulo.genere_non_valido", "write M or F")
	errRuolo     = domain.Refuse(domain.Unprocessable, "modulo.ruolo_sconosciuto", "the role is none of the list: choose one of it")
	errComune    = domain.Refuse(domain.Unprocessable, "modulo.comune_sconosciuto", "the comune is none of the ambito: choose one of the list")
	errEmail     = domain.Refuse(domain.Unprocessable, "modulo.email_non_valida", "this is no e-mail address: correct it, or leave it out")
	errTelefono  = domain.Refuse(domain.Unprocessable, "modulo.telefono_non_valido", "a telephone number has digits, spaces, dots, hyphens, strokes and perhaps a plus in front")
	formaEmail   = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
	formaNumero  = regexp.MustCompile(`^[+0-9][0-9 ./-]*$`)
	formaData    = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$`)
	formaComune  = regexp.MustCompile(`^[A-Z]\d{3}$`)
	traParentesi = regexp.MustCompile(`\(([A-Za-z]\d{3})\)\s*$`)
	massimi      = map[Campo]int{Cognome: 100, Nome: 100, Protocollo: 100, Email: 254, Telefono: 30, CodiceFiscale: 20, ComuneNascita: 100, Comuni: 2000}
)

// lettore reads one row, and gathers all that is wrong with it.
type lettore struct {
	Riga
	oggi   giorno.Giorno
	errori []massivo.Errore
}

// Leggi reads a row of the form of an ambito on a day: what it says, or all
// that is wrong with it.
func Leggi(r Riga, di Territorio, oggi giorno.Giorno) (Voce, []massivo.Errore) {
	l := &lettore{Riga: r, oggi: oggi}
	for _, c := range Colonne {
		switch testo := r.Cella(c.Campo); {
		case c.Obbligatoria && testo == "":
			l.nota(errMancante.At(string(c.Campo)))
		case massimi[c.Campo] > 0 && utf8.RuneCountInString(testo) > massimi[c.Campo]:
			l.nota(errLungo.At(string(c.Campo)))
		}
	}
	v := Voce{Riga: r.Numero}
	v.Dati = l.persona()
	v.Accredita = operatore.Accredita{
		Ruolo: l.ruolo(), Territorio: domain.Territorio{Ambito: r.Cella(Ambito), Comuni: l.comuni(di)}, Fondo: r.Cella(Fondo),
		Dal: l.data(Dal), Richiesta: operatore.Richiesta{Protocollo: r.Cella(Protocollo), Data: l.passata(DataRichiesta)},
	}
	if v.Accredita.Dal.IsZero() {
		v.Accredita.Dal = oggi
	}
	return v, l.errori
}

// persona reads who the row is about, and holds it against the codice fiscale.
func (l *lettore) persona() operatore.Registrato {
	d := operatore.Registrato{
		Cognome: l.Cella(Cognome), Nome: l.Cella(Nome), DataNascita: l.passata(DataNascita), Genere: strings.ToUpper(l.Cella(Genere)),
		Email: l.Cella(Email), Telefono: l.Cella(Telefono),
	}
	if d.Genere != "" && !slices.Contains(Generi, d.Genere) {
		l.nota(errGenere.At(string(Genere)))
		d.Genere = ""
	}
	if d.Email != "" && !formaEmail.MatchString(d.Email) {
		l.nota(errEmail.At(string(Email)))
	}
	if d.Telefono != "" && !formaNumero.MatchString(d.Telefono) {
		l.nota(errTelefono.At(string(Telefono)))
	}
	if l.Cella(CodiceFiscale) == "" {
		return d
	}
	d.ComuneNascita, d.CodiceFiscale = l.nascita(), l.Cella(CodiceFiscale)
	d, err := d.Identificato()
	l.nota(err)
	return d
}

// nascita is the Belfiore code of the place of birth, if it is understood.
func (l *lettore) nascita() string {
	codice, found := Nascita(l.Cella(ComuneNascita), l.Cella(CodiceFiscale))
	if _, err := codicefiscale.Parse(l.Cella(CodiceFiscale)); !found && err == nil { // else that is told already
		l.nota(errLuogo.At(string(ComuneNascita)))
	}
	return codice
}

// Nascita is the Belfiore code of the place of birth of a person: as it is
// written, or as a name, which is understood when it is that of the place in the
// codice fiscale.
func Nascita(scritto, codiceFiscale string) (codice string, found bool) {
	codice = strings.ToUpper(strings.TrimSpace(scritto))
	if tra := traParentesi.FindStringSubmatch(scritto); tra != nil {
		codice = strings.ToUpper(tra[1])
	}
	if codice == "" || formaComune.MatchString(codice) {
		return codice, true
	}
	c, err := codicefiscale.Parse(codiceFiscale)
	if err != nil {
		return "", false
	}
	luogo, nota := belfiore.Cerca(c.Luogo())
	if !nota || parole(luogo.Nome) != parole(scritto) {
		return "", false
	}
	return c.Luogo(), true
}

func (l *lettore) ruolo() domain.Ruolo {
	scritto := l.Cella(Ruolo)
	i := slices.IndexFunc(Incarichi, func(i Incarico) bool {
		return parole(i.Nome) == parole(scritto) || string(i.Ruolo) == strings.ToUpper(scritto)
	})
	switch {
	case scritto == "":
		return ""
	case i < 0:
		l.nota(errRuolo.At(string(Ruolo)))
		return ""
	}
	return Incarichi[i].Ruolo
}

// comuni reads the comuni of the ambito that the row names.
func (l *lettore) comuni(di Territorio) (codici []string) {
	for scritto := range strings.SplitSeq(l.Cella(Comuni), ";") {
		if scritto = strings.TrimSpace(scritto); scritto == "" {
			continue
		}
		i := slices.IndexFunc(di.Comuni, func(c Luogo) bool {
			return strings.EqualFold(c.Codice, scritto) || parole(c.Voce()) == parole(scritto) || parole(c.Nome) == parole(scritto)
		})
		if i < 0 {
			l.nota(errComune.At(string(Comuni)))
			return nil
		}
		codici = append(codici, di.Comuni[i].Codice)
	}
	return codici
}

// passata reads a day that cannot lie in the future.
func (l *lettore) passata(c Campo) giorno.Giorno {
	g := l.data(c)
	if g > l.oggi {
		l.nota(errFutura.At(string(c)))
		return 0
	}
	return g
}

// data reads a day: gg/mm/aaaa, or aaaa-mm-gg.
func (l *lettore) data(c Campo) giorno.Giorno {
	scritto := l.Cella(c)
	if scritto == "" {
		return 0
	}
	if g, err := giorno.Parse(scritto); err == nil && g >= primoGiorno {
		return g
	}
	parti := formaData.FindStringSubmatch(scritto)
	switch {
	case parti == nil:
		l.nota(errData.At(string(c)))
		return 0
	case len(parti[3]) == 2:
		l.nota(errAnno.At(string(c)))
		return 0
	}
	g, _ := strconv.Atoi(parti[1])
	m, _ := strconv.Atoi(parti[2])
	a, _ := strconv.Atoi(parti[3])
	letto := giorno.Data(a, m, g)
	if y, mm, d := letto.Time().Date(); y != a || mm != time.Month(m) || d != g || letto < primoGiorno {
		l.nota(errData.At(string(c)))
		return 0
	}
	return letto
}

// primoGiorno is before anybody who works was born, and before any request.
var primoGiorno = giorno.Data(1900, 1, 1)

// nota keeps a refusal of the row, if it is one. Of one cell the first is told.
func (l *lettore) nota(err error) {
	if e, is := ErroreDi(l.Numero, err); is && !slices.ContainsFunc(l.errori, func(f massivo.Errore) bool { return f.Campo == e.Campo }) {
		l.errori = append(l.errori, e)
	}
}

// ErroreDi is a refusal as an error of a row. It reports whether it is one.
func ErroreDi(riga int, err error) (massivo.Errore, bool) {
	var rifiuto *domain.Error
	if !errors.As(err, &rifiuto) {
		return massivo.Errore{}, false
	}
	return massivo.Errore{Riga: riga, Campo: rifiuto.Field, Codice: rifiuto.Code, Suggerimento: rifiuto.Message}, true
}

// parole is a text as words without accents, to compare names by.
func parole(s string) string {
	s, _, _ = transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), s)
	return strings.Join(strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
