package commands

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strconv"

	"github.com/google/uuid"

	"nucleo/commands/modulo"
	"nucleo/domain"
	"nucleo/domain/belfiore"
	"nucleo/domain/conservazione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
	"nucleo/domain/operatore"
)

// Massivo is a file of operators as a command found it, or left it.
type Massivo = Esito[massivo.State]

// conservato is how long a file that was not applied is kept.
var conservato = conservazione.FileOperatori.Per.Ore

// errAltraPersona refuses a row that contradicts another about one person.
var errAltraPersona = domain.Refuse(domain.Unprocessable, "massivo.persona_diversa", "another row says otherwise of the same person: make them agree")

// ModelloOperatori writes the template of the ambito of who asks.
func (s *Service) ModelloOperatori(ctx context.Context, chi domain.Attore, w io.Writer) error {
	di, err := s.territorio(ctx, chi.Territorio.Ambito)
	if err != nil {
		return err
	}
	return s.Fogli.Modello(w, di)
}

// territorio is an ambito as forms show it.
func (s *Service) territorio(ctx context.Context, ambito string) (modulo.Territorio, error) {
	dove, err := s.Ambito(ctx, ambito)
	t := modulo.Territorio{Codice: dove.Codice, Denominazione: dove.Denominazione}
	for _, c := range dove.Comuni {
		luogo, _ := belfiore.Cerca(c)
		t.Comuni = append(t.Comuni, modulo.Luogo{Codice: c, Nome: luogo.Nome})
	}
	return t, err
}

// ControllaOperatori keeps a file of operators for a day, and says of all its
// rows at once what they would do, or what is wrong with them. Nothing of it is
// applied. The same file again under one id changes nothing.
func (s *Service) ControllaOperatori(ctx context.Context, req Request, m id.Massivo, contenuto []byte) (Massivo, error) {
	impronta := domain.Digest(sha256.Sum256(contenuto))
	prima, err := s.massivo(ctx, m)
	switch {
	case err == nil && prima.Stato.Impronta != impronta:
		return prima, ErrChiaveRiusata
	case err == nil:
		return prima, nil
	case !errors.Is(err, massivo.ErrInesistente):
		return prima, err
	}
	righe, err := s.Fogli.Leggi(contenuto)
	if err != nil {
		return prima, err
	}
	esame, err := s.esamina(ctx, req.Attore, righe, s.oggi(req))
	if err != nil {
		return prima, err
	}
	c := massivo.Controllato{
		Ambito: req.Attore.Territorio.Ambito, Impronta: impronta, Scade: req.Adesso.Add(conservato).UTC(),
		Righe: len(righe), Errate: esame.errate, Esiti: esame.esiti, Errori: esame.errori,
	}
	if err := s.Custodia.Conserva(ctx, m, contenuto, c.Scade); err != nil {
		return prima, err
	}
	return execute(ctx, s, req, suMassivo(m, massivo.Controlla{Esito: c}))
}

// MassivoOperatori is how a file stands, for somebody who may see it: whoever
// administers its ambito.
func (s *Service) MassivoOperatori(ctx context.Context, chi domain.Attore, m id.Massivo) (massivo.State, error) {
	letto, err := s.massivo(ctx, m)
	if err == nil && chi.Territorio.Ambito != letto.Stato.Ambito {
		err = massivo.ErrInesistente
	}
	return letto.Stato, err
}

func (s *Service) massivo(ctx context.Context, m id.Massivo) (Massivo, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, massivo.Decider, massivo.Decider.Stream(m.String()))
	if err == nil && letto.Stato.Stato == "" {
		err = massivo.ErrInesistente
	}
	return letto, err
}

// ErroriOperatori writes the rows of a file with what is wrong with each.
func (s *Service) ErroriOperatori(ctx context.Context, chi domain.Attore, m id.Massivo, w io.Writer) error {
	st, err := s.MassivoOperatori(ctx, chi, m)
	if err != nil {
		return err
	}
	righe, err := s.righe(ctx, m, st)
	if err != nil {
		return err
	}
	di, err := s.territorio(ctx, st.Ambito)
	if err != nil {
		return err
	}
	return s.Fogli.ConErrori(w, di, righe, st.Errori)
}

// righe reads the rows of a file that is kept.
func (s *Service) righe(ctx context.Context, m id.Massivo, st massivo.State) ([]modulo.Riga, error) {
	contenuto, found, err := s.Custodia.Leggi(ctx, m)
	switch {
	case err != nil:
		return nil, err
	case !found || domain.Digest(sha256.Sum256(contenuto)) != st.Impronta:
		return nil, massivo.ErrScaduto
	}
	return s.Fogli.Leggi(contenuto)
}

// esame is what the rows of a file would do, one after the other.
type esame struct {
	voci   []modulo.Voce
	errori []massivo.Errore
	errate int
	esiti  massivo.Esiti
}

// esamina holds rows to all rules, as things are now: each as if those before
// it had been applied.
func (s *Service) esamina(ctx context.Context, chi domain.Attore, righe []modulo.Riga, oggi giorno.Giorno) (e esame, err error) {
	di, err := s.territorio(ctx, chi.Territorio.Ambito)
	if err != nil {
		return e, err
	}
	ambito, err := s.Ambito(ctx, chi.Territorio.Ambito)
	if err != nil {
		return e, err
	}
	comuni := make([]string, len(di.Comuni))
	for i, c := range di.Comuni {
		comuni[i] = c.Codice
	}
	stati, dati := map[id.Operatore]operatore.State{}, map[id.Operatore]operatore.Registrato{}
	for _, r := range righe {
		v, errori := modulo.Leggi(r, di, oggi)
		if len(errori) == 0 {
			o := s.OperatoreDi(v.Dati.CodiceFiscale)
			if _, letto := stati[o]; !letto {
				if stati[o], err = s.Operatore(ctx, o); err != nil {
					return e, err
				}
				dati[o] = v.Dati
			}
			v.Accredita.ComuniAmbito, v.Accredita.Adesioni, v.Accredita.Oggi = comuni, adesioni(ambito), oggi
			v.Accredita.Chi = operatore.Accreditante{Ruolo: chi.Ruolo, Territorio: chi.Territorio, SeStesso: o.UUID == chi.ID}
			v.Accredita.ID = id.Accreditamento{UUID: uuid.NewSHA1(uuid.Nil, []byte(strconv.Itoa(r.Numero)))}
			if errori = e.prova(stati, o, v); dati[o] != v.Dati {
				errori = append(errori, rigaErrata(r.Numero, errAltraPersona.At(string(modulo.CodiceFiscale)))...)
			}
		}
		if len(errori) > 0 {
			e.errate++
		}
		e.voci, e.errori = append(e.voci, v), append(e.errori, errori...)
	}
	return e, nil
}

// prova applies a row to what the rows before it left, in mind only.
func (e *esame) prova(stati map[id.Operatore]operatore.State, o id.Operatore, v modulo.Voce) []massivo.Errore {
	registrati, err := operatore.Registra{Dati: v.Dati, Oggi: v.Accredita.Oggi}.Decide(stati[o])
	if err != nil {
		return rigaErrata(v.Riga, err)
	}
	st := operatore.Decider.Fold(stati[o], registrati...)
	accreditati, err := v.Accredita.Decide(st)
	if err != nil {
		return rigaErrata(v.Riga, err)
	}
	stati[o] = operatore.Decider.Fold(st, accreditati...)
	e.esiti.Registrati += len(registrati)
	e.esiti.Accreditati += len(accreditati)
	if len(registrati)+len(accreditati) == 0 {
		e.esiti.Invariati++
	}
	return nil
}

func rigaErrata(riga int, err error) []massivo.Errore {
	if e, is := modulo.ErroreDi(riga, err); is {
		return []massivo.Errore{e}
	}
	return nil
}

func suMassivo(m id.Massivo, cmd domain.Command[massivo.State, massivo.Event]) azione[massivo.State, massivo.Event] {
	return azione[massivo.State, massivo.Event]{decider: massivo.Decider, chiave: m.String(), comando: is(cmd)}
}
