package posta

import (
	"errors"
	"net/textproto"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"nucleo/cmd/nucleo/internal/messaggi"
)

var (
	errDopo  = errors.New("the server does not take this message now") // puts one message off
	errRotta = &messaggi.Assenza{Motivo: "the connection is gone"}
)

// rotta reports whether a connection ended before anything was said over it.
func rotta(err error) bool { return errors.Is(err, error(errRotta)) }

// giudica says what a failure means: for the person, for this message, or for
// all. The words of the server stay out: they quote addresses.
func giudica(err error) error {
	fallito := (*gomail.SendError)(nil)
	if !errors.As(err, &fallito) {
		return errDopo
	}
	codice := fallito.ErrorCode()
	switch {
	case fallito.Reason == gomail.ErrConnCheck:
		return errRotta
	case codice == 421, fallito.Reason == gomail.ErrSMTPMailFrom, accesso(codice):
		return assenza(err) // no matter who the message is for
	case codice >= 500 && (fallito.Reason == gomail.ErrSMTPRcptTo || fallito.Reason == gomail.ErrSMTPData || fallito.Reason == gomail.ErrSMTPDataClose):
		return &messaggi.Rifiuto{Codice: strings.TrimSpace("SMTP " + strconv.Itoa(codice) + " " + fallito.EnhancedStatusCode())}
	}
	return errDopo
}

// accesso are the codes of a server that wants another login, or encryption.
func accesso(codice int) bool {
	return codice == 530 || codice == 534 || codice == 535 || codice == 538
}

// assenza says why the server is not to be used now.
func assenza(err error) error {
	risposta, fallito := (*textproto.Error)(nil), (*gomail.SendError)(nil)
	switch {
	case errors.As(err, &risposta):
		return &messaggi.Assenza{Motivo: "it answers " + strconv.Itoa(risposta.Code)}
	case errors.As(err, &fallito) && fallito.ErrorCode() != 0:
		return &messaggi.Assenza{Motivo: "it answers " + strconv.Itoa(fallito.ErrorCode())}
	case errors.As(err, &fallito):
		return &messaggi.Assenza{Motivo: fallito.Reason.String()}
	}
	return &messaggi.Assenza{Motivo: err.Error()} // of the connection: it names the server alone
}
