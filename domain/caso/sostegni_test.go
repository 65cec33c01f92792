package caso_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// fai is a step of the tirocinio, asked by a role.
func fai(ruolo domain.Ruolo, il giorno.Giorno) caso.PassoSostegno {
	return caso.PassoSostegno{Sostegno: tirocinio.ID, Data: il, Ruolo: ruolo, Oggi: oggi}
}

func TestASostegnoGoesItsWay(t *testing.T) {
	cm, ref := domain.CaseManager, domain.ReferenteSostegni
	al := func(il giorno.Giorno) caso.Passo { return caso.Passo{Data: il} }
	attivato := caso.SostegnoAttivato{Sostegno: tirocinio.ID, Passo: al(aprile)}
	sospeso := caso.SostegnoSospeso{Sostegno: tirocinio.ID, Passo: al(maggio)}
	concluso := caso.SostegnoConcluso{Sostegno: tirocinio.ID, Passo: al(maggio)}
	revocato := caso.SostegnoRevocato{Sostegno: tirocinio.ID, Passo: al(maggio)}
	dato := oltre(monitoraggio, attivato)
	inCoda := oltre(bozza, toltoAnna)
	altro := fai(cm, aprile)
	altro.Sostegno = id.Sostegno{UUID: numero("0d09")}
	conNota := fai(cm, aprile)
	conNota.Nota = prolisso
	domaintest.Run(t, caso.Decider,
		scenario{Name: "is given", Given: monitoraggio, When: caso.AttivaSostegno{PassoSostegno: fai(cm, aprile)}, Then: events{attivato}},
		scenario{Name: "is given once", Given: dato, When: caso.AttivaSostegno{PassoSostegno: fai(cm, maggio)}},
		scenario{Name: "stops", Given: dato, When: caso.SospendiSostegno{PassoSostegno: fai(cm, maggio)}, Then: events{sospeso}},
		scenario{Name: "stops once", Given: oltre(dato, sospeso), When: caso.SospendiSostegno{PassoSostegno: fai(cm, maggio)}},
		scenario{Name: "is given again", Given: oltre(dato, sospeso), When: caso.AttivaSostegno{PassoSostegno: fai(cm, oggi)}, Then: events{caso.SostegnoAttivato{Sostegno: tirocinio.ID, Passo: al(oggi)}}},
		scenario{Name: "ends", Given: oltre(dato, sospeso), When: caso.ConcludiSostegno{PassoSostegno: fai(cm, maggio)}, Then: events{concluso}},
		scenario{Name: "ends once", Given: oltre(dato, concluso), When: caso.ConcludiSostegno{PassoSostegno: fai(cm, maggio)}},
		scenario{Name: "is taken back", Given: dato, When: caso.RevocaSostegno{PassoSostegno: fai(cm, maggio)}, Then: events{revocato}},
		scenario{Name: "is taken back once", Given: oltre(dato, revocato), When: caso.RevocaSostegno{PassoSostegno: fai(cm, maggio)}},
		scenario{Name: "is not given after its end", Given: oltre(dato, concluso), When: caso.AttivaSostegno{PassoSostegno: fai(cm, maggio)}, Err: caso.ErrSostegnoNonAttivo},
		scenario{Name: "does not stop after its end", Given: oltre(dato, revocato), When: caso.SospendiSostegno{PassoSostegno: fai(cm, maggio)}, Err: caso.ErrSostegnoNonAttivo},
		scenario{Name: "does not end before it was given", Given: monitoraggio, When: caso.ConcludiSostegno{PassoSostegno: fai(cm, maggio)}, Err: caso.ErrSostegnoNonAttivo},
		scenario{Name: "is not taken back before it was given", Given: monitoraggio, When: caso.RevocaSostegno{PassoSostegno: fai(cm, maggio)}, Err: caso.ErrSostegnoNonAttivo},
		scenario{Name: "waits for the signature", Given: bozza, When: caso.AttivaSostegno{PassoSostegno: fai(cm, aprile)}, Err: caso.ErrSostegnoNonInVigore},
		scenario{Name: "does not wait for it when a referente gives it on a waiting case", Given: inCoda, When: caso.AttivaSostegno{PassoSostegno: fai(ref, aprile)}, Then: events{attivato}},
		scenario{Name: "given so, must be confirmed before the signature", Given: oltre(inCoda, attivato, adAnna), When: sottoscrivi(1, aprile), Err: caso.ErrDaConfermare},
		scenario{Name: "given so, is signed when it was confirmed", Given: oltre(inCoda, attivato, adAnna, caso.SostegnoModificato{Sostegno: tirocinio}), When: sottoscrivi(1, aprile), Then: events{firmato}},
		scenario{Name: "given again, need not be confirmed again", Given: oltre(inCoda, attivato, adAnna, caso.SostegnoModificato{Sostegno: tirocinio}, sospeso, attivato), When: sottoscrivi(1, aprile), Then: events{firmato}},
		scenario{Name: "is not given when the next version leaves it out", Given: oltre(ridefinizione, caso.SostegnoPrevisto{Sostegno: nuovoSostegno("0d08")}, caso.SostegnoRimosso{Sostegno: tirocinio.ID}, attivato), When: sottoscrivi(2, maggio), Err: caso.ErrSostegnoAttivo},
		scenario{Name: "is not led by a referente when there is a case manager", Given: dato, When: caso.SospendiSostegno{PassoSostegno: fai(ref, maggio)}, Err: caso.ErrSostegnoDelCM},
		scenario{Name: "does not go back in time", Given: dato, When: caso.SospendiSostegno{PassoSostegno: fai(cm, marzo)}, Err: caso.ErrData, Field: "data"},
		scenario{Name: "does not go ahead of time", Given: dato, When: caso.SospendiSostegno{PassoSostegno: fai(cm, oggi+1)}, Err: caso.ErrData, Field: "data"},
		scenario{Name: "is no book", Given: monitoraggio, When: caso.AttivaSostegno{PassoSostegno: conNota}, Err: caso.ErrTestoTroppoLungo, Field: "nota"},
		scenario{Name: "is one of the case", Given: monitoraggio, When: caso.AttivaSostegno{PassoSostegno: altro}, Err: caso.ErrSostegnoInesistente},
		scenario{Name: "is of an open case", Given: chiuso, When: caso.AttivaSostegno{PassoSostegno: fai(cm, maggio)}, Err: caso.ErrNonAperto},
		scenario{Name: "is of a case", When: caso.AttivaSostegno{PassoSostegno: fai(cm, maggio)}, Err: caso.ErrInesistente},
	)
}

func TestASostegnoComesBeforeThePaIS(t *testing.T) {
	presto := caso.AnticipaSostegno{Sostegno: tirocinio, Data: marzo, Nota: "urgente", Oggi: oggi}
	storto, tardi, lunga := presto, presto, presto
	storto.Tipo, tardi.Data, lunga.Nota = "SPORT", oggi+1, prolisso
	dati := events{caso.SostegnoPrevisto{Sostegno: tirocinio, Anticipato: true}, caso.SostegnoAttivato{Sostegno: tirocinio.ID, Passo: caso.Passo{Data: marzo, Nota: "urgente"}}}
	erede := oltre(waiting, dati[0], dati[1], adAnna)
	erede = oltre(erede, pronta[2:]...)
	erede = oltre(erede, esitoB, caso.ObiettivoDefinito{Obiettivo: casa}, caso.ImpegnoDefinito{Impegno: corso})
	confermato := caso.SostegnoModificato{Sostegno: tirocinio}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "given by the referente", Given: waiting, When: presto, Then: dati},
		scenario{Name: "given once", Given: oltre(waiting, dati...), When: presto},
		scenario{Name: "not when there is a case manager", Given: avviare, When: presto, Err: caso.ErrSostegnoDelCM},
		scenario{Name: "not when there is a PaIS", Given: oltre(bozza, caso.SostegnoRimosso{Sostegno: tirocinio.ID}, firmato, toltoAnna), When: caso.AnticipaSostegno{Sostegno: nuovoSostegno("0d08"), Data: marzo, Oggi: oggi}, Err: caso.ErrPaISEsistente},
		scenario{Name: "not of no kind", Given: waiting, When: storto, Err: caso.ErrTipoSostegno, Field: "tipo"},
		scenario{Name: "not ahead of time", Given: waiting, When: tardi, Err: caso.ErrData, Field: "data"},
		scenario{Name: "not with a book", Given: waiting, When: lunga, Err: caso.ErrTestoTroppoLungo, Field: "nota"},
		scenario{Name: "not without a case", When: presto, Err: caso.ErrInesistente},
		scenario{Name: "must be confirmed before the signature", Given: erede, When: sottoscrivi(1, aprile), Err: caso.ErrDaConfermare},
		scenario{Name: "is confirmed by the case manager", Given: erede, When: caso.ModificaSostegno{Sostegno: tirocinio}, Then: events{confermato}},
		scenario{Name: "is signed after it was confirmed", Given: oltre(erede, confermato), When: sottoscrivi(1, aprile), Then: events{firmato}},
	)
}

func nuovoSostegno(n string) caso.Sostegno {
	s := tirocinio
	s.ID = id.Sostegno{UUID: numero(n)}
	return s
}
