package genera

import "nucleo/domain/caso"

// What people of the demo write. None of it is about anybody.
var (
	motiviRiassegnazione = []string{"Riequilibrio dei carichi di lavoro.", "Congedo del case manager.", "Trasferimento ad altro servizio.", "Competenza specifica richiesta."}
	motiviRinvio         = []string{"Indisponibilità della sede.", "Richiesta del nucleo per motivi di salute.", "Impegno urgente del servizio."}
	giustificazioni      = []string{"Visita medica documentata.", "Colloquio di lavoro documentato.", "Ricovero di un familiare.", "Malattia del figlio, con certificato."}
	rifiuti              = []string{"Manca la prova della convocazione.", "Il giustificato motivo risulta documentato.", "Il fatto non rientra nella categoria indicata."}
	luoghi               = []string{"Sede del servizio sociale", "Sportello di quartiere", "Centro polivalente", "Domicilio del nucleo"}
	servizi              = []string{"SERD", "DSM", "CONSULTORIO", "NPI"}
	erogatori            = []string{"Servizio sociale del Comune", "Cooperativa sociale", "Centro per le famiglie", "ASP", "Ente di formazione accreditato"}

	note = []string{
		"Colloquio telefonico: il nucleo conferma gli impegni presi.",
		"Raccordo con la scuola: frequenza regolare.",
		"Il richiedente ha consegnato i documenti mancanti.",
		"Contatto con il centro per l'impiego per il percorso di formazione.",
		"Visita domiciliare: condizioni abitative invariate.",
		"Richiesto un aggiornamento all'ente che eroga il sostegno.",
	}
	messaggi = []string{
		"Lo sportello sociale riceve il martedì e il giovedì dalle 9 alle 12.",
		"Le ricordiamo di comunicare ogni variazione del nucleo.",
		"Sono aperte le iscrizioni ai corsi di formazione del territorio.",
		"I documenti richiesti possono essere consegnati allo sportello.",
	}
	osservazioni = []string{
		"Il nucleo riferisce una situazione stabile, con risorse proprie limitate.",
		"Emergono bisogni che richiedono un accompagnamento del servizio.",
		"La rete familiare è presente ma non sufficiente.",
		"Le spese correnti superano le entrate; è utile un sostegno alla gestione.",
		"Buona motivazione ad attivarsi, con necessità di orientamento.",
		"Situazione da approfondire con gli altri servizi coinvolti.",
	}
	motivazioniAP = map[caso.Esito]string{
		caso.EsitoA: "Il bisogno riguarda la sola dimensione lavorativa: invio al centro per l'impiego.",
		caso.EsitoB: "Bisogno non complesso, affrontabile dal servizio sociale con un patto semplificato.",
		caso.EsitoC: "Bisogno complesso: serve un quadro di analisi con équipe multidisciplinare.",
		caso.EsitoD: "Bisogno di presa in carico da parte dei servizi specialistici.",
	}
	dettagli = map[fatto]string{
		presentazione:  "Il richiedente non si è presentato alla convocazione e non ha dato un giustificato motivo.",
		impegno:        "L'impegno previsto nel PaIS non è stato realizzato nonostante i solleciti.",
		sottoscrizione: "Il nucleo non ha sottoscritto il PaIS nel giorno fissato.",
		puc:            "Il componente non ha aderito al progetto utile alla collettività previsto nel PaIS.",
		altro:          "Una variazione del nucleo non è stata comunicata nei termini.",
	}
)

// What PaIS of the demo aim at, and undertake.
var (
	obiettivi = []struct {
		ambito    caso.CodiceSezione
		testo     string
		risultati []string
	}{
		{caso.SituazioneLavorativa, "Migliorare l'occupabilità del nucleo", []string{"Curriculum aggiornato e consegnato", "Un tirocinio avviato", "Iscrizione a un corso professionale"}},
		{caso.SituazioneEconomica, "Gestire le spese correnti", []string{"Piano delle spese condiviso", "Morosità ridotta della metà"}},
		{caso.EducazioneFormazione, "Sostenere il percorso scolastico", []string{"Frequenza regolare per un trimestre", "Diploma di licenza media conseguito"}},
		{caso.CondizioneAbitativa, "Rendere stabile la condizione abitativa", []string{"Contratto di locazione rinnovato", "Domanda di alloggio presentata"}},
		{caso.Reti, "Ampliare la rete di sostegno", []string{"Partecipazione a un'attività del quartiere", "Contatto attivo con un'associazione"}},
		{caso.CondizioniFunzionamenti, "Curare la salute e la cura di sé", []string{"Visite di controllo effettuate", "Percorso concordato con il consultorio"}},
	}
	impegni = []struct {
		tipo             caso.TipoImpegno
		testo, frequenza string
	}{
		{"CONTATTI_SERVIZI", "Mantenere i contatti con il servizio sociale", "ogni mese"},
		{"RICERCA_LAVORO", "Cercare attivamente lavoro e rispondere alle offerte", "ogni settimana"},
		{"FORMAZIONE", "Frequentare il corso concordato", "secondo calendario"},
		{"FREQUENZA_SCOLASTICA", "Assicurare la frequenza scolastica dei figli", "ogni giorno di scuola"},
		{"PREVENZIONE_CURA", "Effettuare le visite di controllo concordate", "ogni tre mesi"},
		{"PUC", "Partecipare al progetto utile alla collettività", "8 ore alla settimana"},
	}
)
