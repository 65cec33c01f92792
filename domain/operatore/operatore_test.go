package operatore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

type (
	events   = []operatore.Event
	scenario = domaintest.Scenario[operatore.State, operatore.Event]
)

func acc(s string) id.Accreditamento {
	return id.Accreditamento{UUID: uuid.MustParse("00000000-0000-7000-8000-0000000000" + s)}
}

var (
	gennaio = giorno.Data(2024, 1, 15)

	palermitano = []string{"F377", "G273"} // the comuni of ambito PA42
	bagherese   = []string{"A546"}         // and of PA39

	tuttoPA42 = domain.Territorio{Ambito: "PA42"}
	tuttoPA39 = domain.Territorio{Ambito: "PA39"}
	aPalermo  = domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}
	aMonreale = domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}

	superUtente    = operatore.Accreditante{Ruolo: domain.SuperUtente}
	installatore   = operatore.Accreditante{Ruolo: domain.SistemaInstallatore}
	amministratore = operatore.Accreditante{Ruolo: domain.AmministratoreAmbito, Territorio: tuttoPA42}
	vicino         = operatore.Accreditante{Ruolo: domain.AmministratoreAmbito, Territorio: tuttoPA39}
	coordinatrice  = operatore.Accreditante{Ruolo: domain.CoordinatorePaIS, Territorio: tuttoPA42}

	mario = operatore.Registrato{
		CodiceFiscale: "VRDMRA75A01G273Y", Cognome: "VERDONE", Nome: "MARIO", DataNascita: giorno.Data(1975, 1, 1), ComuneNascita: "G273",
		Genere: "M", Email: "mario@example.org", Telefono: "0915550105",
	}
	atti     = operatore.Richiesta{Protocollo: "2024/117", Data: giorno.Data(2024, 1, 10), NotaPEC: "2024/98", Documento: "CI CA12345AB"}
	chiesto  = operatore.Richiesta{Protocollo: "2024/31", Data: giorno.Data(2024, 1, 8)} // of a comune
	firmata  = operatore.Adesioni{Convenzionati: []string{"F377", "G273"}, Delegati: []string{"F377", "G273"}, Ente: true}
	firmata9 = operatore.Adesioni{Convenzionati: []string{"A546"}, Delegati: []string{"A546"}, Ente: true}
)

// di is the request by which a role is given, where one is needed.
func di(r domain.Ruolo) operatore.Richiesta {
	switch r {
	case domain.AmministratoreAmbito:
		return atti
	case domain.SuperUtente, domain.Auditor, domain.Analista, domain.ResponsabileDati:
		return operatore.Richiesta{}
	}
	return chiesto
}

// accredita asks for a role, by all acts where it needs them; accreditato is the
// event that answers.
func accredita(n string, r domain.Ruolo, t domain.Territorio, chi operatore.Accreditante) operatore.Accredita {
	c := operatore.Accredita{ID: acc(n), Ruolo: r, Territorio: t, Dal: gennaio, Chi: chi, Oggi: gennaio, Richiesta: di(r)}
	switch t.Ambito {
	case "PA42":
		c.ComuniAmbito, c.Adesioni = palermitano, firmata
	case "PA39":
		c.ComuniAmbito, c.Adesioni = bagherese, firmata9
	}
	return c
}

func accreditato(n string, r domain.Ruolo, t domain.Territorio) operatore.Accreditato {
	e := operatore.Accreditato{Accreditamento: acc(n), Ruolo: r, Territorio: t, Livello: "A", Dal: gennaio, Richiesta: di(r)}
	if len(t.Comuni) > 0 {
		e.Livello = "C"
	}
	return e
}

func senzaDelega(c *operatore.Accredita) { c.Adesioni.Delegati = nil }

func revocato(n string) operatore.Revocato {
	return operatore.Revocato{Accreditamento: acc(n), Motivo: "passa ad altro ufficio"}
}

func con(c operatore.Accredita, cambia func(*operatore.Accredita)) operatore.Accredita {
	cambia(&c)
	return c
}

func TestRegistra(t *testing.T) {
	senza := func(cambia func(*operatore.Registrato)) operatore.Registra {
		d := mario
		cambia(&d)
		return operatore.Registra{Dati: d, Oggi: gennaio}
	}
	omocodo, estero := mario, operatore.Registrato{CodiceFiscale: "FRNLNE88R47Z112T", Cognome: "Fernandez", Nome: "Elena", DataNascita: giorno.Data(1988, 10, 7), ComuneNascita: "Z112", Genere: "F"}
	omocodo.CodiceFiscale = string(codicefiscale.Codice(mario.CodiceFiscale).ConOmocodia(2))
	estero.CodiceFiscale = codice(t, estero)
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "makes a person known", When: operatore.Registra{Dati: mario, Oggi: gennaio}, Then: events{mario}},
		scenario{Name: "writes the codice fiscale in its one spelling", When: senza(func(d *operatore.Registrato) { d.CodiceFiscale = " vrdmra75a01g273y" }), Then: events{mario}},
		scenario{Name: "knows two people whose codes omocodia tells apart", When: operatore.Registra{Dati: omocodo, Oggi: gennaio}, Then: events{omocodo}},
		scenario{Name: "knows who was born abroad by the state", When: operatore.Registra{Dati: estero, Oggi: gennaio}, Then: events{estero}},
		scenario{Name: "changes nothing the second time, whatever the contacts", Given: events{mario}, When: senza(func(d *operatore.Registrato) { d.Email = "altra@example.org" })},
		scenario{Name: "is refused without day of birth", When: senza(func(d *operatore.Registrato) { d.DataNascita = 0 }), Err: operatore.ErrDati, Field: "data_nascita"},
		scenario{Name: "is refused without comune of birth", When: senza(func(d *operatore.Registrato) { d.ComuneNascita = " " }), Err: operatore.ErrDati, Field: "comune_nascita"},
		scenario{Name: "is refused without gender", When: senza(func(d *operatore.Registrato) { d.Genere = "" }), Err: operatore.ErrDati, Field: "genere"},
		scenario{Name: "is refused for who is known already, too", Given: events{mario}, When: senza(func(d *operatore.Registrato) { d.Genere = "" }), Err: operatore.ErrDati, Field: "genere"},
		scenario{Name: "is refused for another century", When: senza(func(d *operatore.Registrato) { d.DataNascita = giorno.Data(1875, 1, 1) }), Err: operatore.ErrNascita, Field: "data_nascita"},
		scenario{Name: "is refused for a day to come", When: senza(func(d *operatore.Registrato) { d.DataNascita = giorno.Data(2075, 1, 1) }), Err: operatore.ErrNascita, Field: "data_nascita"},
		scenario{Name: "is refused for another day", When: senza(func(d *operatore.Registrato) { d.DataNascita++ }), Err: operatore.ErrDivergente, Field: "data_nascita"},
		scenario{Name: "is refused for another place", When: senza(func(d *operatore.Registrato) { d.ComuneNascita = "Z112" }), Err: operatore.ErrDivergente, Field: "comune_nascita"},
		scenario{Name: "is refused for another gender", When: senza(func(d *operatore.Registrato) { d.Genere = "F" }), Err: operatore.ErrDivergente, Field: "genere"},
		scenario{Name: "is refused for another surname", When: senza(func(d *operatore.Registrato) { d.Cognome = "Rossi" }), Err: operatore.ErrDivergente, Field: "cognome"},
		scenario{Name: "is refused for a provisional code", When: senza(func(d *operatore.Registrato) { d.CodiceFiscale = "12345678903" }), Err: operatore.ErrProvvisorio, Field: "codice_fiscale"},
		scenario{Name: "is refused without codice fiscale", When: senza(func(d *operatore.Registrato) { d.CodiceFiscale = "" }), Err: operatore.ErrDati, Field: "codice_fiscale"},
		scenario{Name: "is refused without surname", When: senza(func(d *operatore.Registrato) { d.Cognome = " " }), Err: operatore.ErrDati, Field: "cognome"},
		scenario{Name: "is refused without name", When: senza(func(d *operatore.Registrato) { d.Nome = "" }), Err: operatore.ErrDati, Field: "nome"},
	)
}

// codice is the codice fiscale that follows from what is said of a person.
func codice(t *testing.T, d operatore.Registrato) string {
	t.Helper()
	anno, mese, g := d.DataNascita.Time().Date()
	c, err := codicefiscale.Calcola(d.Cognome, d.Nome, anno, int(mese), g, d.Genere, d.ComuneNascita)
	if err != nil {
		t.Fatal(err)
	}
	return string(c)
}

func TestAccredita(t *testing.T) {
	dueComuni := domain.Territorio{Ambito: "PA42", Comuni: []string{"F377", "G273"}}
	conPON := func(c *operatore.Accredita) { c.Fondo = "PON" }
	finanziato := accreditato("a1", domain.CaseManager, aPalermo)
	finanziato.Fondo = "PON"
	protocollata := accreditato("a1", domain.CaseManager, tuttoPA42)
	protocollata.Richiesta = operatore.Richiesta{Protocollo: "2024/117", Data: gennaio}

	domaintest.Run(t, operatore.Decider,
		scenario{
			Name:  "needs no delegation of comuni that are named",
			Given: events{mario},
			When:  con(accredita("a1", domain.CaseManager, aPalermo, amministratore), senzaDelega),
			Then:  events{accreditato("a1", domain.CaseManager, aPalermo)},
		},
		scenario{
			Name:  "needs no delegation for what is the ambito's own",
			Given: events{mario},
			When:  con(accredita("a1", domain.ReferenteSostegni, tuttoPA42, amministratore), senzaDelega),
			Then:  events{accreditato("a1", domain.ReferenteSostegni, tuttoPA42)},
		},
		scenario{
			Name:  "gives a role on the ambito whole, letter A, and keeps the number of the request",
			Given: events{mario},
			When: con(accredita("a1", domain.CaseManager, tuttoPA42, amministratore), func(c *operatore.Accredita) {
				c.Richiesta = operatore.Richiesta{Protocollo: "2024/117", Data: gennaio}
			}),
			Then: events{protocollata},
		},
		scenario{
			Name:  "gives a role on one comune, letter C, under a fund",
			Given: events{mario},
			When:  con(accredita("a1", domain.CaseManager, aPalermo, amministratore), conPON),
			Then:  events{finanziato},
		},
		scenario{
			Name:  "lets Mario be coordinatore and case manager",
			Given: events{mario, accreditato("a1", domain.CoordinatorePaIS, tuttoPA42)},
			When:  accredita("a2", domain.CaseManager, tuttoPA42, amministratore),
			Then:  events{accreditato("a2", domain.CaseManager, tuttoPA42)},
		},
		scenario{
			Name:  "gives Antonio two comuni of one ambito, told in any order and twice",
			Given: events{mario},
			When:  accredita("a1", domain.CaseManager, domain.Territorio{Ambito: "PA42", Comuni: []string{"G273", "F377", "G273"}}, amministratore),
			Then:  events{accreditato("a1", domain.CaseManager, dueComuni)},
		},
		scenario{
			Name:  "gives Antonio a second comune by a second accreditation",
			Given: events{mario, accreditato("a1", domain.CaseManager, aPalermo)},
			When:  accredita("a2", domain.CaseManager, aMonreale, amministratore),
			Then:  events{accreditato("a2", domain.CaseManager, aMonreale)},
		},
		scenario{
			Name:  "binds a role of the controls to a comune",
			Given: events{mario},
			When:  accredita("a1", domain.ResponsabileControlli, aPalermo, amministratore),
			Then:  events{accreditato("a1", domain.ResponsabileControlli, aPalermo)},
		},
		scenario{
			Name:  "lets a Super Utente make an amministratore",
			Given: events{mario},
			When:  accredita("a1", domain.AmministratoreAmbito, tuttoPA42, superUtente),
			Then:  events{accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)},
		},
		scenario{
			Name:  "lets a Super Utente make the amministratore of an ambito that has no comuni yet",
			Given: events{mario},
			When:  con(accredita("a1", domain.AmministratoreAmbito, tuttoPA42, superUtente), func(c *operatore.Accredita) { c.ComuniAmbito = []string{} }),
			Then:  events{accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)},
		},
		scenario{
			Name:  "lets the installation make the first Super Utente",
			Given: events{mario},
			When:  accredita("a1", domain.SuperUtente, domain.Territorio{}, installatore),
			Then:  events{accreditato("a1", domain.SuperUtente, domain.Territorio{})},
		},
		scenario{
			Name:  "lets a person move to another ambito once the first is revoked",
			Given: events{mario, accreditato("a1", domain.CaseManager, tuttoPA42), revocato("a1")},
			When:  accredita("a2", domain.CaseManager, tuttoPA39, vicino),
			Then:  events{accreditato("a2", domain.CaseManager, tuttoPA39)},
		},
		scenario{
			Name:  "lets an amministratore become something else once that is revoked",
			Given: events{mario, accreditato("a1", domain.AmministratoreAmbito, tuttoPA42), revocato("a1")},
			When:  accredita("a2", domain.CaseManager, tuttoPA42, superUtente),
			Then:  events{accreditato("a2", domain.CaseManager, tuttoPA42)},
		},
		scenario{
			Name:  "gives a revoked role again under a new id",
			Given: events{mario, accreditato("a1", domain.CaseManager, tuttoPA42), revocato("a1")},
			When:  accredita("a2", domain.CaseManager, tuttoPA42, amministratore),
			Then:  events{accreditato("a2", domain.CaseManager, tuttoPA42)},
		},
		scenario{
			Name:  "changes nothing when the person has the role there",
			Given: events{mario, accreditato("a1", domain.CaseManager, dueComuni), accreditato("a2", domain.CoordinatorePaIS, tuttoPA42)},
			When:  accredita("a3", domain.CaseManager, domain.Territorio{Ambito: "PA42", Comuni: []string{"G273", "F377"}}, amministratore),
		},
		scenario{
			Name:  "changes nothing when the request comes again after a revocation",
			Given: events{mario, accreditato("a1", domain.CaseManager, tuttoPA42), revocato("a1")},
			When:  accredita("a1", domain.CaseManager, tuttoPA42, amministratore),
		},
	)
}

func TestAccreditaRefusesWhatCannotBe(t *testing.T) {
	refused := func(name string, err error, field string, cmd operatore.Accredita) scenario {
		return scenario{Name: name, Given: events{mario}, When: cmd, Err: err, Field: field}
	}
	cm := accredita("a1", domain.CaseManager, aPalermo, amministratore)
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "an operator who is not known", When: cm, Err: operatore.ErrInesistente},
		refused("a coordinator of an ambito to which no comune delegated", operatore.ErrDelega, "comuni", con(accredita("a1", domain.CoordinatorePaIS, tuttoPA42, superUtente), senzaDelega)),
		refused("a case manager of an ambito to which no comune delegated", operatore.ErrDelega, "comuni", con(accredita("a1", domain.CaseManager, tuttoPA42, amministratore), senzaDelega)),
		refused("a request of tomorrow", operatore.ErrRichiestaFutura, "richiesta.data", con(cm, func(c *operatore.Accredita) { c.Richiesta.Data = gennaio + 1 })),
		refused("a role that is none", operatore.ErrRuolo, "ruolo", accredita("a1", "SINDACO", tuttoPA42, amministratore)),
		refused("a program's role", operatore.ErrRuolo, "ruolo", accredita("a1", domain.SistemaINPS, domain.Territorio{}, superUtente)),
		refused("a fund that is none", operatore.ErrFondo, "fondo", con(cm, func(c *operatore.Accredita) { c.Fondo = "PNRR" })),
		refused("a fund for another role", operatore.ErrFondo, "fondo", con(accredita("a1", domain.CoordinatorePaIS, tuttoPA42, amministratore), func(c *operatore.Accredita) { c.Fondo = "PON" })),
		refused("no day", operatore.ErrDal, "dal", con(cm, func(c *operatore.Accredita) { c.Dal = 0 })),
		refused("no ambito", operatore.ErrAmbitoMancante, "ambito", accredita("a1", domain.CaseManager, domain.Territorio{}, superUtente)),
		refused("an ambito that is none", operatore.ErrAmbitoMancante, "ambito", accredita("a1", domain.CaseManager, domain.Territorio{Ambito: "XX99"}, superUtente)),
		refused("comuni of no ambito", operatore.ErrAmbitoMancante, "ambito", accredita("a1", domain.CaseManager, domain.Territorio{Comuni: []string{"G273"}}, superUtente)),
		refused("a comune of another ambito", operatore.ErrComuneFuori, "comuni", accredita("a1", domain.CaseManager, domain.Territorio{Ambito: "PA42", Comuni: []string{"G273", "A546"}}, amministratore)),
		refused("an amministratore of some comuni", operatore.ErrAmbitoIntero, "comuni", accredita("a1", domain.AmministratoreAmbito, aPalermo, superUtente)),
		refused("a privacy desk of some comuni", operatore.ErrAmbitoIntero, "comuni", accredita("a1", domain.ResponsabileDati, aPalermo, superUtente)),
		refused("a coordinator of the controls on the ambito whole", operatore.ErrComuneMancante, "comuni", accredita("a1", domain.CoordinatoreControlli, tuttoPA42, amministratore)),
		refused("a responsabile of the controls on the ambito whole", operatore.ErrComuneMancante, "comuni", accredita("a1", domain.ResponsabileControlli, tuttoPA42, amministratore)),
		refused("a Super Utente of one ambito", operatore.ErrAmbitoSuperfluo, "ambito", accredita("a1", domain.SuperUtente, tuttoPA42, superUtente)),
		refused("an auditor of one comune", operatore.ErrAmbitoSuperfluo, "ambito", accredita("a1", domain.Auditor, aPalermo, superUtente)),
		scenario{
			Name:  "the id of another accreditation",
			Given: events{mario, accreditato("a1", domain.CaseManager, aPalermo)},
			When:  accredita("a1", domain.CaseManager, aMonreale, amministratore),
			Err:   operatore.ErrIDUsato,
		},
		scenario{
			Name:  "the role on the same territory under another fund",
			Given: events{mario, accreditato("a1", domain.CaseManager, aPalermo)},
			When:  con(accredita("a2", domain.CaseManager, aPalermo, amministratore), func(c *operatore.Accredita) { c.Fondo = "PON" }),
			Err:   operatore.ErrAltroFondo, Field: "fondo",
		},
		scenario{
			Name:  "a second ambito",
			Given: events{mario, accreditato("a1", domain.CaseManager, aPalermo)},
			When:  accredita("a2", domain.CaseManager, tuttoPA39, superUtente),
			Err:   operatore.ErrAltroAmbito, Field: "ambito",
		},
		scenario{
			Name:  "a second ambito for another role",
			Given: events{mario, accreditato("a1", domain.CoordinatorePaIS, tuttoPA42)},
			When:  accredita("a2", domain.CaseManager, tuttoPA39, superUtente),
			Err:   operatore.ErrAltroAmbito, Field: "ambito",
		},
		scenario{
			Name: "a second ambito for an accreditation that begins later",
			Given: events{mario, func() operatore.Accreditato {
				e := accreditato("a1", domain.CaseManager, aPalermo)
				e.Dal = gennaio + 365
				return e
			}()},
			When: accredita("a2", domain.CaseManager, tuttoPA39, superUtente),
			Err:  operatore.ErrAltroAmbito, Field: "ambito",
		},
	)
}

// TestSomeRolesStandAlone tries each exclusive role against each other role of
// the same ambito, in both directions (ACC-17, ambiguity 9.19).
func TestSomeRolesStandAlone(t *testing.T) {
	soli := map[domain.Ruolo]bool{domain.SuperUtente: true, domain.AmministratoreAmbito: true, domain.Auditor: true, domain.Analista: true, domain.ResponsabileDati: true}
	dove := func(r domain.Ruolo) domain.Territorio {
		switch r {
		case domain.SuperUtente, domain.Auditor, domain.Analista:
			return domain.Territorio{}
		case domain.CoordinatoreControlli, domain.ResponsabileControlli:
			return aPalermo
		}
		return tuttoPA42
	}
	var scenarios []scenario
	for _, ha := range domain.Ruoli {
		for _, chiede := range domain.Ruoli {
			sc := scenario{
				Name:  string(ha) + " asks to be " + string(chiede) + " too",
				Given: events{mario, accreditato("a1", ha, dove(ha))},
				When:  accredita("a2", chiede, dove(chiede), superUtente),
			}
			switch {
			case ha == chiede: // already so
			case soli[ha] || soli[chiede]:
				sc.Err, sc.Field = operatore.ErrIncompatibile, "ruolo"
			default:
				sc.Then = events{accreditato("a2", chiede, dove(chiede))}
			}
			scenarios = append(scenarios, sc)
		}
	}
	domaintest.Run(t, operatore.Decider, scenarios...)
}

func TestWhoMayAccredit(t *testing.T) {
	seStesso := func(a operatore.Accreditante) operatore.Accreditante {
		a.SeStesso = true
		return a
	}
	refused := func(name string, err error, cmd operatore.Accredita) scenario {
		return scenario{Name: name, Given: events{mario}, When: cmd, Err: err}
	}
	var scenarios []scenario
	for _, solo := range []domain.Ruolo{domain.SuperUtente, domain.AmministratoreAmbito, domain.Auditor, domain.Analista, domain.ResponsabileDati} {
		scenarios = append(scenarios,
			refused("an amministratore does not make a "+string(solo), operatore.ErrNonTuo, accredita("a1", solo, tuttoPA42, amministratore)))
	}
	for _, r := range domain.Ruoli {
		if r != domain.SuperUtente && r != domain.AmministratoreAmbito {
			scenarios = append(scenarios,
				refused("a "+string(r)+" makes nobody anything", operatore.ErrNonTuo, accredita("a1", domain.CaseManager, aPalermo, operatore.Accreditante{Ruolo: r, Territorio: tuttoPA42})))
		}
	}
	domaintest.Run(t, operatore.Decider, append(scenarios,
		refused("an amministratore does not reach into another ambito", operatore.ErrNonTuo, accredita("a1", domain.CaseManager, aPalermo, vicino)),
		refused("an amministratore does not learn which ambiti there are", operatore.ErrNonTuo, accredita("a1", domain.CaseManager, domain.Territorio{Ambito: "XX99"}, amministratore)),
		refused("nobody is nobody", operatore.ErrNonTuo, accredita("a1", domain.CaseManager, aPalermo, operatore.Accreditante{})),
		refused("an amministratore does not accredit himself", operatore.ErrSeStesso, accredita("a1", domain.CaseManager, aPalermo, seStesso(amministratore))),
		refused("a Super Utente does not accredit herself", operatore.ErrSeStesso, accredita("a1", domain.AmministratoreAmbito, tuttoPA42, seStesso(superUtente))),
		refused("the right comes before the content", operatore.ErrNonTuo, con(accredita("a1", domain.CaseManager, aPalermo, coordinatrice), func(c *operatore.Accredita) { c.Dal = 0 })),
	)...)
}

func TestRevoca(t *testing.T) {
	conRuolo := events{mario, accreditato("a1", domain.CaseManager, aPalermo), accreditato("a2", domain.CoordinatorePaIS, tuttoPA42)}
	revoca := func(n, motivo string, chi operatore.Accreditante) operatore.Revoca {
		return operatore.Revoca{Accreditamento: acc(n), Motivo: motivo, Chi: chi}
	}
	motivo := revocato("a1").Motivo
	proprio := operatore.Accreditante{Ruolo: domain.SuperUtente, SeStesso: true}
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "ends one accreditation", Given: conRuolo, When: revoca("a1", motivo, amministratore), Then: events{revocato("a1")}},
		scenario{Name: "is open to a Super Utente", Given: conRuolo, When: revoca("a1", motivo, superUtente), Then: events{revocato("a1")}},
		scenario{Name: "changes nothing when it is revoked", Given: append(conRuolo, revocato("a1")), When: revoca("a1", motivo, amministratore)},
		scenario{Name: "is refused for an operator who is not known", When: revoca("a1", motivo, superUtente), Err: operatore.ErrInesistente},
		scenario{Name: "is refused for what the operator does not have", Given: conRuolo, When: revoca("a3", motivo, superUtente), Err: operatore.ErrAccreditamento},
		scenario{Name: "is refused without a reason", Given: conRuolo, When: revoca("a1", " ", amministratore), Err: operatore.ErrMotivo, Field: "motivo"},
		scenario{Name: "is refused when the reason is too long", Given: conRuolo, When: revoca("a1", string(make([]byte, 501)), amministratore), Err: operatore.ErrMotivoTroppoLungo, Field: "motivo"},
		scenario{Name: "is refused to an amministratore of another ambito", Given: conRuolo, When: revoca("a1", motivo, vicino), Err: operatore.ErrNonTuo},
		scenario{Name: "is refused to a coordinator", Given: conRuolo, When: revoca("a1", motivo, coordinatrice), Err: operatore.ErrNonTuo},
		scenario{Name: "is refused to the person accredited", Given: conRuolo, When: revoca("a1", motivo, proprio), Err: operatore.ErrSeStesso},
		scenario{
			Name:  "of an amministratore is refused to another",
			Given: events{mario, accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)},
			When:  revoca("a1", motivo, amministratore),
			Err:   operatore.ErrNonTuo,
		},
	)
}

func TestAnAccreditationHoldsFromItsDayUntilRevoked(t *testing.T) {
	dopo := accreditato("a2", domain.CoordinatorePaIS, tuttoPA42)
	dopo.Dal = gennaio + 10
	s := operatore.Decider.Fold(operatore.State{}, mario, accreditato("a1", domain.CaseManager, aPalermo), dopo, accreditato("a3", domain.ResponsabilePUC, tuttoPA42), revocato("a3"))
	uno := operatore.Accreditamento{ID: acc("a1"), Ruolo: domain.CaseManager, Territorio: aPalermo, Dal: gennaio}
	due := operatore.Accreditamento{ID: acc("a2"), Ruolo: domain.CoordinatorePaIS, Territorio: tuttoPA42, Dal: gennaio + 10}
	for giorno, want := range map[giorno.Giorno][]operatore.Accreditamento{
		gennaio - 1: {}, gennaio: {uno}, gennaio + 9: {uno}, gennaio + 10: {uno, due},
	} {
		if diff := cmp.Diff(want, s.Attivi(giorno)); diff != "" {
			t.Errorf("on %s\n%s", giorno, diff)
		}
	}
	if len(s.Accreditamenti) != 3 {
		t.Error("asking changed the state")
	}
	if uno.Livello() != "C" || due.Livello() != "A" {
		t.Error("the letter of one comune is C, of the ambito whole A")
	}
}
