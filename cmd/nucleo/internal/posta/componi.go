package posta

import (
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"nucleo/cmd/nucleo/internal/messaggi"
	"nucleo/domain/caso"
)

// oggetti are the subjects. They stand on locked screens and in the logs of
// servers, and so say of nobody more than that somebody writes.
var oggetti = map[caso.TipoComunicazione]string{
	caso.Convocazione:       "Servizi sociali: convocazione",
	caso.Promemoria:         "Servizi sociali: promemoria",
	caso.AvvisoImpegno:      "Servizi sociali: avviso",
	caso.Informativa:        "Servizi sociali: informazione",
	caso.AvvisoSegnalazione: "Servizi sociali: avviso",
}

// componi writes the message to one person. Nothing of what people wrote
// stands in a header but the address, and that only when it is one.
func (p *Posta) componi(b messaggi.Busta) (*gomail.Msg, error) {
	a, err := mail.ParseAddress(b.A)
	if err != nil || a.Name != "" || a.Address != b.A || strings.ContainsAny(b.A, "\r\n\x00") {
		return nil, &messaggi.Rifiuto{Codice: messaggi.RecapitoNonValido}
	}
	oggetto := oggetti[b.Tipo]
	if oggetto == "" {
		oggetto = "Servizi sociali: comunicazione"
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(p.mittente)
	m.ToMailAddress(a)
	m.Subject(oggetto)
	m.SetMessageIDWithValue(b.Nome + "@" + p.dominio())
	m.SetDateWithValue(p.Adesso())
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, b.Testo)
	return m, nil
}
