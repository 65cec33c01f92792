package domain

import (
	"slices"

	"github.com/google/uuid"
)

// Ruolo is a function that a person is accredited to, or that a program of
// the system performs.
type Ruolo string

// The roles of GePI (S0, S1, S2), those of the design card, and the programs.
const (
	SuperUtente           Ruolo = "SUPER_UTENTE"
	AmministratoreAmbito  Ruolo = "AMMINISTRATORE_AMBITO"
	CoordinatorePaIS      Ruolo = "COORDINATORE_PAIS"
	CaseManager           Ruolo = "CASE_MANAGER"
	CoordinatoreControlli Ruolo = "COORDINATORE_CONTROLLI"
	ResponsabileControlli Ruolo = "RESPONSABILE_CONTROLLI"
	ResponsabilePUC       Ruolo = "RESPONSABILE_PUC"
	ReferenteSostegni     Ruolo = "REFERENTE_SOSTEGNI"
	ResponsabileIncontri  Ruolo = "RESPONSABILE_INCONTRI"
	ResponsabileSvantag   Ruolo = "RESPONSABILE_SVANTAGGIO"
	Auditor               Ruolo = "AUDITOR"
	Analista              Ruolo = "ANALISTA"
	// ResponsabileDati is the privacy desk of an ambito (DP in the matrix).
	ResponsabileDati Ruolo = "RESPONSABILE_PROTEZIONE_DATI"

	SistemaINPS         Ruolo = "SISTEMA_INPS"
	SistemaPolitiche    Ruolo = "SISTEMA_POLITICHE"
	SistemaInstallatore Ruolo = "SISTEMA_INSTALLATORE"
	SistemaAssegnazione Ruolo = "SISTEMA_ASSEGNAZIONE"

	SistemaComunicazioni Ruolo = "SISTEMA_COMUNICAZIONI"

	SistemaDispatcher Ruolo = "SISTEMA_DISPATCHER"

	SistemaScadenze Ruolo = "SISTEMA_SCADENZE"

	SistemaRegistro Ruolo = "SISTEMA_REGISTRO"

	SistemaNotaio Ruolo = "SISTEMA_NOTAIO"

	SistemaVigilanza Ruolo = "SISTEMA_VIGILANZA"

	SistemaPortineria Ruolo = "SISTEMA_PORTINERIA"
	SistemaOblio      Ruolo = "SISTEMA_OBLIO"
)

// Ruoli are the roles that a person can be accredited to.
var Ruoli = []Ruolo{
	SuperUtente, AmministratoreAmbito, CoordinatorePaIS, CaseManager, CoordinatoreControlli, ResponsabileControlli,
	ResponsabilePUC, ReferenteSostegni, ResponsabileIncontri, ResponsabileSvantag, Auditor, Analista,
	ResponsabileDati,
}

// Territorio is where a role holds: an ambito whole, or some of its comuni by
// Belfiore code. The zero Territorio is everywhere.
type Territorio struct {
	Ambito string   `json:"ambito,omitempty"`
	Comuni []string `json:"comuni,omitempty"`
}

// Copre reports whether a comune of an ambito lies inside the territory.
func (t Territorio) Copre(ambito, comune string) bool {
	switch {
	case t.Ambito == "":
		return true
	case t.Ambito != ambito:
		return false
	}
	return len(t.Comuni) == 0 || slices.Contains(t.Comuni, comune)
}

// Incrocia reports whether two territories have a comune in common, as far as
// their names tell: an ambito whole meets each of its comuni.
func (t Territorio) Incrocia(u Territorio) bool {
	switch {
	case t.Ambito == "" || u.Ambito == "":
		return true
	case t.Ambito != u.Ambito:
		return false
	}
	return len(t.Comuni) == 0 || len(u.Comuni) == 0 ||
		slices.ContainsFunc(t.Comuni, func(c string) bool { return slices.Contains(u.Comuni, c) })
}

// Contiene reports whether all of another territory lies inside.
func (t Territorio) Contiene(u Territorio) bool {
	switch {
	case t.Ambito == "":
		return true
	case t.Ambito != u.Ambito:
		return false
	}
	return len(t.Comuni) == 0 || len(u.Comuni) > 0 &&
		!slices.ContainsFunc(u.Comuni, func(c string) bool { return !slices.Contains(t.Comuni, c) })
}

// Attore is who asks, under the one profile that is active (ADR 0007).
type Attore struct {
	ID         uuid.UUID
	Profilo    uuid.UUID // the accreditation that is active; zero for programs
	Ruolo      Ruolo
	Territorio Territorio
}

// Programma is a part of the system, or a system outside, that acts by itself.
// Its id is the same in every installation.
func Programma(nome string, ruolo Ruolo) Attore {
	return Attore{ID: uuid.NewSHA1(programmi, []byte(nome)), Ruolo: ruolo}
}

var programmi = uuid.MustParse("5f0f7a0e-0f6e-5d0c-9a51-2c8a2f7a9d01")

// The programs.
var (
	INPS         = Programma("sistema-inps", SistemaINPS)
	Politiche    = Programma("sistema-politiche", SistemaPolitiche)
	Installatore = Programma("sistema-installatore", SistemaInstallatore)
	Assegnazione = Programma("sistema-assegnazione", SistemaAssegnazione)

	Comunicazioni = Programma("sistema-comunicazioni", SistemaComunicazioni)

	Dispatcher = Programma("sistema-dispatcher", SistemaDispatcher)

	Scadenze = Programma("sistema-scadenze", SistemaScadenze)

	Registro = Programma("sistema-registro", SistemaRegistro)

	Notaio = Programma("sistema-notaio", SistemaNotaio)

	Vigilanza = Programma("sistema-vigilanza", SistemaVigilanza)

	// Portineria notes whom it did not let in.
	Portineria = Programma("sistema-portineria", SistemaPortineria)
	Oblio      = Programma("sistema-oblio", SistemaOblio)
)
