package caso

import (
	"reflect"
	"regexp"
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// SottoscriviPaIS records the signature of the version that is being defined.
type SottoscriviPaIS struct {
	Versione      int // that was signed
	Data          giorno.Giorno
	Firmatari     []id.Componente
	Modalita      ModalitaFirma
	HashDocumento string // SHA-256 of the signed document, hexadecimal
	Oggi          giorno.Giorno
}

// Refusals of a signature.
var (
	ErrVersionePaIS   = domain.Refuse(domain.Refused, "pais.altra_versione", "another version is being defined: read the PaIS again")
	ErrFirmatari      = domain.Refuse(domain.Unprocessable, "pais.firmatari_non_validi", "one adult of the nucleo signs at least; minors do not")
	ErrModalitaFirma  = domain.Refuse(domain.Unprocessable, "pais.modalita_non_valida", "a PaIS is signed CARTACEA, FEA or DIGITALE")
	ErrHashDocumento  = domain.Refuse(domain.Unprocessable, "pais.hash_non_valido", "hash_documento is the SHA-256 of the signed document: 64 hexadecimal digits in lower case")
	ErrPaISIncompleto = domain.Refuse(domain.Refused, "pais.incompleto", "a PaIS has one obiettivo with a risultato at least, one impegno and one sostegno")
	ErrDaConfermare   = domain.Refuse(domain.Refused, "pais.da_confermare", "something in the PaIS was drafted before the AP was opened again, or activated before there was a PaIS: confirm it by changing it, or remove it")
)

var formaHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Decide answers SottoscriviPaIS.
func (c SottoscriviPaIS) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	e := PaISSottoscritto{Versione: c.Versione, Data: c.Data, Firmatari: c.Firmatari, Modalita: c.Modalita, HashDocumento: c.HashDocumento}
	switch {
	case c.Data.IsZero() || c.Data > c.Oggi:
		return nil, ErrDataStrumento.At("data")
	case !slices.Contains(ModalitaFirme, c.Modalita):
		return nil, ErrModalitaFirma.At("modalita")
	case !formaHash.MatchString(c.HashDocumento):
		return nil, ErrHashDocumento.At("hash_documento")
	case s.PaIS.Versione > 0 && reflect.DeepEqual(s.PaIS.Firma, e):
		return nil, nil
	}
	if err := s.definisce(); err != nil {
		return nil, err
	}
	switch {
	case c.Versione != s.InDefinizione():
		return nil, ErrVersionePaIS.At("versione")
	case c.Data < s.AP.Esito.Data || c.Data < s.PaIS.Firma.Data:
		return nil, ErrDataStrumento.At("data")
	case !s.Nucleo.firmano(c.Firmatari, c.Data):
		return nil, ErrFirmatari.At("firmatari")
	case len(s.PaIS.Bozza.DaConfermare) > 0:
		return nil, ErrDaConfermare
	case !s.PaIS.Bozza.completo():
		return nil, ErrPaISIncompleto
	case s.Sostegni.attivoFuori(s.PaIS.Bozza):
		return nil, ErrSostegnoAttivo
	}
	return s.fermando(c.Data, e), nil
}

// completo reports whether there is enough to sign (domain rule 2.7).
func (p Patto) completo() bool {
	misurato := slices.ContainsFunc(p.Obiettivi, func(o Obiettivo) bool { return len(o.Risultati) > 0 })
	return misurato && len(p.Impegni) > 0 && len(p.Sostegni) > 0
}

// firmano reports whether people of the nucleo can sign on a day.
func (n Nucleo) firmano(firmatari []id.Componente, il giorno.Giorno) bool {
	if len(firmatari) == 0 || !n.comprende(firmatari) {
		return false
	}
	return !slices.ContainsFunc(firmatari, func(f id.Componente) bool {
		p, _ := n.componente(f)
		return p.Minore(il)
	})
}
