package policies

import (
	"context"
	"time"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// Casi answers which open cases a case manager carries, as a read model knows
// them once it has passed a position.
type Casi interface {
	AttendiPosizione(ctx context.Context, position uint64) error
	ApertiDi(ctx context.Context, cm id.Operatore) ([]id.Caso, error)
}

// Revoca returns to the queue the cases of a case manager who may no longer
// carry them (ambiguity 9.17): those that the case manager has when an
// accreditation is revoked or suspended, and those assigned in the very moment of it.
type Revoca struct {
	Comandi *commands.Service
	Casi    Casi
	Adesso  func() time.Time
}

const nomeRevoca = "revoca_case_manager"

// Politica is the reaction at work.
func (r Revoca) Politica(s Segnalibri) Politica {
	return Politica{Nome: nomeRevoca, Segnalibri: s, Reagisci: r.reagisci, Eventi: []domain.Event{
		operatore.Revocato{}, operatore.Modificato{}, operatore.Sospeso{}, operatore.AccreditamentoSospeso{}, caso.Assegnato{}, caso.Riassegnato{},
	}}
}

func (r Revoca) reagisci(ctx context.Context, batch []domain.Recorded) error {
	revocati := map[id.Operatore]bool{} // whether an operator ever lost a role, asked once a batch
	for _, e := range batch {
		var err error
		switch evento := e.Event.(type) {
		case operatore.Revocato, operatore.Modificato, operatore.Sospeso, operatore.AccreditamentoSospeso:
			err = r.libera(ctx, e, id.Operatore{UUID: e.Subject})
		case caso.Assegnato:
			err = r.controlla(ctx, e, evento.CaseManager, revocati)
		case caso.Riassegnato:
			err = r.controlla(ctx, e, evento.A, revocati)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// libera takes from a case manager whatever they may no longer carry.
func (r Revoca) libera(ctx context.Context, causa domain.Recorded, cm id.Operatore) error {
	if err := r.Casi.AttendiPosizione(ctx, causa.Position); err != nil {
		return err
	}
	casi, err := r.Casi.ApertiDi(ctx, cm)
	if err != nil {
		return err
	}
	for _, c := range casi {
		if _, err := r.Comandi.LiberaCaso(ctx, richiesta(nomeRevoca, r.Adesso(), causa, c.String()), c, cm); err != nil {
			return err
		}
	}
	return nil
}

// controlla looks again at an assignment that may have crossed a revocation.
func (r Revoca) controlla(ctx context.Context, causa domain.Recorded, cm id.Operatore, revocati map[id.Operatore]bool) error {
	perso, noto := revocati[cm]
	if !noto {
		stato, err := r.Comandi.Operatore(ctx, cm)
		if err != nil {
			return err
		}
		perso = stato.HaPerso
		revocati[cm] = perso
	}
	if !perso {
		return nil
	}
	c := id.Caso{UUID: causa.Subject}
	_, err := r.Comandi.LiberaCaso(ctx, richiesta(nomeRevoca, r.Adesso(), causa, c.String()), c, cm)
	return err
}
