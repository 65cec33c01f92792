package messaggi

import "nucleo/domain/caso"

// Misura is how one way does.
type Misura struct {
	Canale            caso.CanaleComunicazione
	Acceso            bool // messages are sent this way
	Assente           bool // its server takes nothing
	Spediti, Respinti uint64
}

// Misure is how the ways do, since the start.
func (s *Spedizione) Misure() (all []Misura) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range Canali {
		all = append(all, Misura{Canale: c, Acceso: s.Vettori[c] != nil, Assente: s.assenti[c], Spediti: s.spediti[c], Respinti: s.respinti[c]})
	}
	return all
}

func (s *Spedizione) conta(quali map[caso.CanaleComunicazione]uint64, c caso.CanaleComunicazione) {
	s.mu.Lock()
	defer s.mu.Unlock()
	quali[c]++
}
