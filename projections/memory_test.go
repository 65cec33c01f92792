package projections

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
)

// A batch that could not be written leaves rows of a log that nothing may
// forget: the bound is missed then, and the program goes on.
func TestTrimEndsWhereNothingMoreCanBeForgotten(t *testing.T) {
	p := Projection[cells]{Name: "celle", Version: 1, Apply: func(c *cells, _ domain.Recorded) {
		*c.Cells.Row(1) = cell{N: 1}
		c.Lines.Append(cell{N: 1})
	}}
	m := p.open("celle_v1", codicefiscale.Pepe{})
	m.fold([]domain.Recorded{{Event: domain.Unreadable{}}, {}})
	b := &memory{}
	b.trim([]*model{m})
	if m.tables[0].bytes() != 0 || m.tables[2].bytes() == 0 {
		t.Errorf("cells take %d bytes, lines %d", m.tables[0].bytes(), m.tables[2].bytes())
	}
}
