package commands

import (
	"context"

	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/belfiore"
)

// Ambito is an ambito as a command found it, or left it.
type Ambito = Esito[ambito.State]

// CreaAmbito makes an ambito.
func (s *Service) CreaAmbito(ctx context.Context, req Request, cmd ambito.Crea) (Ambito, error) {
	return execute(ctx, s, req, suAmbito(cmd.Codice, is(cmd)))
}

// AssociaComuni adds comuni to an ambito. That a comune belongs to no other is
// checked against the read model: two ambiti that take one comune in the same
// instant are for the Super Utente to mend.
func (s *Service) AssociaComuni(ctx context.Context, req Request, codice string, comuni []string) (Ambito, error) {
	return execute(ctx, s, req, suAmbito(codice, func(ctx context.Context, _ ambito.State) (domain.Command[ambito.State, ambito.Event], error) {
		altrove := map[string]bool{}
		for _, comune := range comuni {
			di, found, err := s.Territori.AmbitoDi(ctx, comune)
			if err != nil {
				return nil, err
			}
			altrove[comune] = found && di != codice
		}
		oggi := s.oggi(req)
		return ambito.AssociaComuni{
			Comuni:  comuni,
			Altrove: func(comune string) bool { return altrove[comune] },
			Sconosciuto: func(comune string) bool {
				luogo, found := belfiore.Cerca(comune)
				return !found || luogo.Estero || !luogo.ValidoIl(oggi.Time())
			},
		}, nil
	}))
}

// RegolaAutoapprovazione says whether coordinators of an ambito may approve
// what they proposed. To the Amministratore of another ambito it does not exist.
func (s *Service) RegolaAutoapprovazione(ctx context.Context, req Request, codice string, cmd ambito.RegolaAutoapprovazione) (Ambito, error) {
	a := suAmbito(codice, is(cmd))
	a.visibile = func(ambito.State) error {
		if di := req.Attore.Territorio.Ambito; di != "" && di != codice {
			return ambito.ErrInesistente
		}
		return nil
	}
	return execute(ctx, s, req, a)
}

// DissociaComune takes a comune out of an ambito.
func (s *Service) DissociaComune(ctx context.Context, req Request, codice string, cmd ambito.DissociaComune) (Ambito, error) {
	return execute(ctx, s, req, suAmbito(codice, is(cmd)))
}

// SottoscriviConvenzione notes the agreement of a comune.
func (s *Service) SottoscriviConvenzione(ctx context.Context, req Request, codice string, cmd ambito.SottoscriviConvenzione) (Ambito, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, suAmbito(codice, is(cmd)))
}

// RegistraDelega notes that comuni left their duties to the ambito.
func (s *Service) RegistraDelega(ctx context.Context, req Request, codice string, cmd ambito.RegistraDelega) (Ambito, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, suAmbito(codice, is(cmd)))
}

func suAmbito(codice string, comando func(context.Context, ambito.State) (domain.Command[ambito.State, ambito.Event], error)) azione[ambito.State, ambito.Event] {
	return azione[ambito.State, ambito.Event]{decider: ambito.Decider, chiave: codice, comando: comando}
}
