package caso

import (
	"fmt"

	"nucleo/domain/personale"
)

// What holds personal data prints as its type and no more: go test . -run Personal
// -update writes this list.

// Format implements fmt.Formatter.
func (v Allegato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AnalisiPreliminareFinalizzata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AnalisiPreliminareRiaperta) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Annota) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AnnotazioneInserita) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AnnullaAssegnazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AnnullaIncontro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AnnullaInvio) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Annullata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AnticipaSostegno) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ApprovaSegnalazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Assegna) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Assegnato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v CasoChiuso) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v CasoRiaperto) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ChiudiCaso) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Componente) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ComunicazioneAccodata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ComunicazioneConsegnata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ComunicazioneFallita) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ComunicazioneFormaleRegistrata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ConcludiPaIS) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Contenuto) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v DecurtazioneComunicata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Destinazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v DomandaRicevuta) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Esonero) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v EsoneroRevocato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v FinalizzaAP) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v FinalizzaQA) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Impegno) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ImpegnoInIncontro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ImpegnoValutato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v IncontroAnnullato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v IncontroPianificato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v IncontroRegistrato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v IncontroRinviato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v IncontroValutato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Indirizzo) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v InviaComunicazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v InvioSegnalazioneAnnullato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v InvioSegnalazioneFallito) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Membro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Obiettivo) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v PaISNonSottoscritto) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v PaISRidefinizioneAvviata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Passo) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v PassoSostegno) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v PianificaIncontro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ProponiSegnalazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Protezione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ProtezioneDisposta) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ProtezioneRevocata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v QuadroAnalisiFinalizzato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v QuadroAnalisiRiaperto) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Recapiti) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraComunicazioneFormale) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraConsegna) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraIncontro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraInvioFallito) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraMancataConsegna) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraMancataSottoscrizione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraRientro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RettificaSegnalazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RevocaEsonero) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RiapriAP) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RiapriCaso) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RiapriQA) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Riassegna) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Riassegnato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RidefinisciPaIS) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RientroDaServizioRegistrato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RifiutaSegnalazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Rimosso) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RinviaIncontro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Risultato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RisultatoValutato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RitiraSegnalazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v SegnalazioneApprovata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v SegnalazioneProposta) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v SegnalazioneRettificata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v SegnalazioneRifiutata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v SegnalazioneRitirata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Sezione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Sostegno) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Uscita) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ValutaImpegno) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ValutaIncontro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Variazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Voce) Format(s fmt.State, _ rune) { personale.Taci(s, v) }
