package messaggi

import "errors"

// Assenza is why a server takes nothing, in words without personal data.
type Assenza struct{ Motivo string }

func (a *Assenza) Error() string { return ErrIrraggiungibile.Error() + ": " + a.Motivo }

// Is makes it an ErrIrraggiungibile.
func (a *Assenza) Is(target error) bool { return target == ErrIrraggiungibile }

func perche(err error) string {
	if a := (*Assenza)(nil); errors.As(err, &a) {
		return a.Motivo
	}
	return "unknown"
}
