package commands

import (
	"context"
	"io"
	"time"

	"nucleo/commands/modulo"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
)

// MassimoFoglio is how many bytes a workbook of operators may have.
const MassimoFoglio = 2 << 20

// Fogli writes the form of operators as a workbook, and reads what came back.
type Fogli interface {
	// Leggi reads the rows that were filled in. A workbook that is no form, or
	// that could do harm, is refused.
	Leggi(contenuto []byte) ([]modulo.Riga, error)
	// Modello writes the template of an ambito.
	Modello(w io.Writer, di modulo.Territorio) error
	// ConErrori writes rows with what is wrong with each.
	ConErrori(w io.Writer, di modulo.Territorio, righe []modulo.Riga, errori []massivo.Errore) error
}

// Custodia keeps the files of operators until they expire, or are applied.
type Custodia interface {
	Conserva(ctx context.Context, m id.Massivo, contenuto []byte, scade time.Time) error
	// Leggi is a file, and whether it is kept.
	Leggi(ctx context.Context, m id.Massivo) (contenuto []byte, found bool, err error)
	Scarta(ctx context.Context, m id.Massivo) error
	// Sola does something about a file while no other program does. It reports
	// whether it was done.
	Sola(ctx context.Context, m id.Massivo, fa func(context.Context) error) (done bool, err error)
}
