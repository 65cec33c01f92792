package tracciato

import (
	"slices"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// What INPS tells of a benefit.
const (
	Sospensione       = "SOSPENSIONE"
	Ripristino        = "RIPRISTINO"
	Decadenza         = "DECADENZA"
	Termine           = "TERMINE"
	Decurtazione      = "DECURTAZIONE"
	SottoscrizionePAD = "SOTTOSCRIZIONE_PAD"
)

var tipiBeneficio = []string{Sospensione, Ripristino, Decadenza, Termine, Decurtazione, SottoscrizionePAD}

// Beneficio is a change of the benefit of a nucleo. Which fields it has depends
// on Tipo.
type Beneficio struct {
	IDDomanda       string        `json:"id_domanda"`
	Tipo            string        `json:"tipo"`
	Dal             giorno.Giorno `json:"dal"` // of a PAD, the day on which it was signed
	Causale         string        `json:"causale,omitempty"`
	RiferimentoINPS string        `json:"riferimento_inps,omitempty"`
	Mensilita       int           `json:"mensilita,omitempty"`
	Segnalazione    string        `json:"segnalazione_id,omitempty"`
}

var campiBeneficio = tabellaDi(
	campo[Beneficio]{nome: "id_domanda", dove: func(b *Beneficio) any { return &b.IDDomanda }, serve: true, forma: idDomanda},
	campo[Beneficio]{nome: "tipo", dove: func(b *Beneficio) any { return &b.Tipo }, serve: true, forma: uno(tipiBeneficio)},
	campo[Beneficio]{nome: "dal", dove: func(b *Beneficio) any { return &b.Dal }, serve: true},
	campo[Beneficio]{nome: "causale", dove: func(b *Beneficio) any { return &b.Causale }, max: 500},
	campo[Beneficio]{nome: "riferimento_inps", dove: func(b *Beneficio) any { return &b.RiferimentoINPS }, max: 100},
	campo[Beneficio]{nome: "mensilita", dove: func(b *Beneficio) any { return &b.Mensilita }},
	campo[Beneficio]{nome: "segnalazione_id", dove: func(b *Beneficio) any { return &b.Segnalazione }, forma: identificativo},
)

// identificativo accepts a UUID as this program writes it.
func identificativo(s string) (string, *difetto) {
	u, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return "", &difetto{"campo_valore_non_valido", "write the id of the segnalazione as it was sent: 36 characters"}
	}
	return u.String(), nil
}

// controlla checks which fields go with the tipo. INPS also tells what will be:
// a day may lie ahead, but not that of a signature.
func (b *Beneficio) controlla(oggi giorno.Giorno, p *problemi) (avvisi int) {
	varia := slices.Contains([]string{Sospensione, Ripristino, Decadenza, Termine}, b.Tipo)
	if varia && b.Causale == "" && !p.gia("causale") {
		p.nota("causale", mancante)
	}
	if b.Tipo == Decurtazione && b.Mensilita == 0 && !p.gia("mensilita") {
		p.nota("mensilita", mancante)
	}
	if b.Tipo == SottoscrizionePAD && b.Dal > oggi {
		p.nota("dal", &difetto{caso.ErrData.Code, caso.ErrData.Message})
	}
	estraneo := map[string]bool{
		"causale": !varia && b.Causale != "", "riferimento_inps": !varia && b.RiferimentoINPS != "",
		"mensilita": b.Tipo != Decurtazione && b.Mensilita != 0, "segnalazione_id": b.Tipo != Decurtazione && b.Segnalazione != "",
	}
	for _, c := range campiBeneficio.campi {
		if estraneo[c.nome] && b.Tipo != "" {
			p.nota(c.nome, estranea)
		}
	}
	return 0
}

// Comando is the command that the change asks for.
func (b Beneficio) Comando(oggi giorno.Giorno) domain.Command[caso.State, caso.Event] {
	v := caso.Variazione{Dal: b.Dal, Causale: b.Causale, RiferimentoINPS: b.RiferimentoINPS}
	switch b.Tipo {
	case Sospensione:
		return caso.SospendiBeneficio{Variazione: v}
	case Ripristino:
		return caso.RipristinaBeneficio{Variazione: v}
	case Decadenza:
		return caso.DecadiDalBeneficio{Variazione: v}
	case Termine:
		return caso.TerminaBeneficio{Variazione: v}
	case SottoscrizionePAD:
		return caso.RegistraPAD{Data: b.Dal, Oggi: oggi}
	}
	var segnalazione id.Segnalazione
	segnalazione.UUID, _ = uuid.Parse(b.Segnalazione) // checked when it was read; none is none
	return caso.ComunicaDecurtazione{DecurtazioneComunicata: caso.DecurtazioneComunicata{Mensilita: b.Mensilita, Segnalazione: segnalazione, Dal: b.Dal}}
}
