#!/bin/sh
# A domanda from its arrival to the end of its PaIS, through HTTP alone, with
# the tokens of a demo. Each step is printed, and what it should change in the
# lists and on the dashboard is checked.
#
#   docs/tour.sh               starts a demo of its own, and ends it
#   docs/tour.sh demo.json     uses one that runs here: nucleo demo --json > demo.json
#
# NUCLEO is the program (bin/nucleo). Needed besides: sh and curl.
set -eu

NUCLEO=${NUCLEO:-bin/nucleo}
T=$(mktemp -d "${TMPDIR:-/tmp}/tour.XXXXXX")
DEMO=
finisci() {
	if [ -n "$DEMO" ]; then kill "$DEMO" 2>/dev/null || true; wait "$DEMO" 2>/dev/null || true; fi
	rm -rf "$T"
}
trap finisci EXIT
trap 'exit 1' INT TERM

# ---- what the steps are told in

passo() { printf '\n%s\n' "$*"; }
dice() { printf '   %s\n' "$*"; }
errore() { printf '   NOT SO: %s\n' "$*" >&2; exit 1; }
manca() { # TEXT WHAT: the answer does not hold the text
	if grep -qF -- "$1" "$T/corpo"; then errore "$2: $(cat "$T/corpo")"; else dice "$2: no"; fi
}
uguale() { if [ "$2" = "$3" ]; then dice "$1: $2"; else errore "$1: $2, should be $3"; fi; }

# campo FILE PATH prints a field of an answer.
campo() { "$NUCLEO" campo "$2" <"$T/$1"; }

# chiedi STATUS TOKEN METHOD PATH [BODY] sends a request, which must be answered
# with a status. The answer is kept; IF_MATCH is sent when it is set.
RICHIESTE=0
IF_MATCH=
chiedi() {
	RICHIESTE=$((RICHIESTE + 1))
	set -- "$1" "$2" "$3" "$4" "${5:-}" -H "Authorization: Bearer $2" -H 'Prefer: wait=10'
	_status=$1 _metodo=$3 _path=$4 _corpo=$5
	shift 5
	if [ "$_metodo" = POST ]; then
		set -- "$@" -H "Idempotency-Key: tour-$SEME-$RICHIESTE" -H "Content-Type: ${TIPO:-application/json}" --data-binary "${_corpo:-{\}}"
	fi
	if [ -n "$IF_MATCH" ]; then set -- "$@" -H "If-Match: $IF_MATCH"; fi
	_avuto=$(curl -sS -X "$_metodo" -o "$T/corpo" -D "$T/testa" -w '%{http_code}' "$@" "$API$_path")
	[ "$_avuto" = "$_status" ] || errore "$_metodo $_path: $_avuto $(cat "$T/corpo"), should be $_status"
}

# etag is that of the last answer.
etag() { tr -d '\r' <"$T/testa" | sed -n 's/^[Ee][Tt][Aa][Gg]: //p'; }

# modifica is chiedi for what changes a case: it reads the case first.
modifica() {
	chiedi 200 "$1" GET "/casi/$CASO"
	IF_MATCH=$(etag)
	chiedi 201 "$1" POST "$2" "$3"
	IF_MATCH=
}

# fotografa keeps the dashboard; cambia FIELD:BY… says what became of it since.
fotografa() { chiedi 200 "$CO" GET /cruscotto/generale; cp "$T/corpo" "$T/prima"; }
cambia() {
	chiedi 200 "$CO" GET /cruscotto/generale
	for _voce in "$@"; do
		_campo=${_voce%:*} _di=${_voce#*:}
		_nome=$(campo corpo "${_campo%casi}etichetta" || campo corpo "${_campo%numero}stato" || printf %s "$_campo")
		uguale "dashboard, $_nome" "$(campo corpo "$_campo")" "$(($(campo prima "$_campo") + _di))"
	done
	cp "$T/corpo" "$T/prima"
}
stato() { # the place of a state on the dashboard
	_i=0
	while [ "$(campo prima "stati.$_i.stato")" != "$1" ]; do _i=$((_i + 1)); done
	printf 'stati.%s.casi' "$_i"
}

segnalate() { # the place of a state of segnalazioni on the dashboard
	_i=0
	while [ "$(campo prima "segnalazioni.$_i.stato")" != "$1" ]; do _i=$((_i + 1)); done
	printf 'segnalazioni.%s.numero' "$_i"
}

# segnalazione VIEW FIELD is a field of the segnalazione of the domanda in a view.
segnalazione() {
	chiedi 200 "$CO" POST /segnalazioni/ricerche "{\"vista\":\"$1\",\"id_domanda\":\"$DOMANDA\"}"
	campo corpo "items.0.$2"
}

# in_lista LIST says how many rows of a list are about the domanda.
in_lista() {
	chiedi 200 "$CO" POST /casi/ricerche "{\"lista\":\"$1\",\"id_domanda\":\"$DOMANDA\"}"
	campo corpo totale
}

# carico says the two workload numbers of the case manager.
carico() {
	chiedi 200 "$CO" GET "/case-manager?comune=$COMUNE"
	_i=0
	while [ "$(campo corpo "items.$_i.id")" != "$CM_ID" ]; do _i=$((_i + 1)); done
	printf '%s/%s' "$(campo corpo "items.$_i.carico.non_in_monitoraggio")" "$(campo corpo "items.$_i.carico.in_monitoraggio")"
}

# orologi KIND says how many clocks of a kind run in the ambito.
orologi() {
	chiedi 200 "$CO" GET /cruscotto/ambito
	_i=0
	while _tipo=$(campo corpo "scadenze.$_i.tipo"); do
		if [ "$_tipo" = "$1" ]; then campo corpo "scadenze.$_i.totale"; return 0; fi
		_i=$((_i + 1))
	done
	echo 0
}

# stato_caso is the state of the case, as its case manager sees it.
stato_caso() { chiedi 200 "$CM" GET "/casi/$CASO"; campo corpo stato; }

# token ROLE [NTH] is the token of somebody of the demo.
token() {
	_i=0 _n=${2:-0}
	while _ruolo=$(campo demo "persone.$_i.ruolo"); do
		if [ "$_ruolo" = "$1" ]; then
			if [ "$_n" = 0 ]; then campo demo "persone.$_i.token"; return 0; fi
			_n=$((_n - 1))
		fi
		_i=$((_i + 1))
	done
	return 1
}

# forte ROLE is a token of somebody who has signed in just now.
forte() {
	_i=0
	while [ "$(campo demo "persone.$_i.ruolo")" != "$1" ]; do _i=$((_i + 1)); done
	"$NUCLEO" demo token --data "$(campo demo dati)" "$(campo demo "persone.$_i.codice_fiscale")"
}

# ---- the demo

if [ $# -gt 0 ]; then
	cp "$1" "$T/demo"
else
	passo "A demo starts."
	"$NUCLEO" demo --data "$T/dati" --addr 127.0.0.1:0 --casi 40 --json >"$T/demo" 2>"$T/errori" &
	DEMO=$!
	while [ ! -s "$T/demo" ]; do
		kill -0 "$DEMO" 2>/dev/null || { cat "$T/errori" >&2; errore "the demo ended"; }
		sleep 1
	done
fi
API=$(campo demo indirizzo)/rest/nucleo/v1
SEME=$(date +%s)
OGGI=$(date -u +%Y-%m-%d)
COMUNE=G273
DOMANDA=INPS-ADI-$(date -u +%Y)-9$(printf %s "$SEME" | tail -c 8)
INPS=$(token SISTEMA_INPS)
CO=$(token COORDINATORE_PAIS)
fotografa

# ---- the road

passo "1. INPS sends a domanda of assegno di inclusione, $DOMANDA."
TIPO=application/x-ndjson
chiedi 202 "$INPS" POST "/importazioni?tipo=domande" "{\"id_domanda\":\"$DOMANDA\",\"misura\":\"ADI\",\"data_presentazione\":\"$OGGI\",\"data_sottoscrizione_pad\":\"$OGGI\",\"data_trasmissione_comune\":\"$OGGI\",\"comune\":\"$COMUNE\",\"via\":\"VIA DEL TOUR\",\"civico\":\"1\",\"cap\":\"90121\",\"cellulare\":\"+39 000 0000000\",\"email\":\"nucleo@example.org\",\"componenti\":[{\"codice_fiscale\":\"RSSMRA80A01G273Z\",\"cognome\":\"Rossi\",\"nome\":\"Mario\",\"sesso\":\"M\",\"data_nascita\":\"1980-01-01\",\"comune_nascita\":\"G273\",\"relazione_parentale\":\"RICHIEDENTE\",\"convivente\":true,\"disabilita\":false,\"condizione_occupazionale\":\"DISOCCUPATO\",\"tenuto_agli_obblighi\":true}]}"
TIPO=
IMPORT=$(campo corpo id)
until [ "$(campo corpo stato)" = COMPLETATA ]; do
	case $(campo corpo stato) in IN_VERIFICA | IN_CORSO) sleep 1 ;; *) errore "the import: $(cat "$T/corpo")" ;; esac
	chiedi 200 "$INPS" GET "/importazioni/$IMPORT"
done
uguale "new domande" "$(campo corpo esiti.nuove)" 1
_volte=0
until [ "$(in_lista da_assegnare)" = 1 ]; do
	_volte=$((_volte + 1))
	[ "$_volte" -lt 30 ] || errore "the queue does not show it"
	sleep 1
done
CASO=$(campo corpo items.0.id)
ETAG=$(campo corpo items.0.etag)
dice "the queue shows it: $(campo corpo items.0.cognome) $(campo corpo items.0.nome), priority $(campo corpo items.0.priorita)"
manca '"cognome":"Rossi"' "a coordinator sees the name in clear"
manca '"stato"' "a coordinator sees how far the case is"
cambia nuclei:1 da_assegnare:1 "$(stato DA_AVVIARE):1"

passo "2. A coordinator assigns it to a case manager of the comune."
chiedi 200 "$CO" GET "/case-manager?comune=$COMUNE"
cp "$T/corpo" "$T/idonei"
_n=0 CM_ID=
while [ -z "$CM_ID" ]; do
	CM=$(token CASE_MANAGER "$_n") || errore "no case manager of the demo carries cases in $COMUNE"
	chiedi 200 "$CM" GET /profili
	_id=$(campo corpo operatore_id) _i=0
	while _idoneo=$(campo idonei "items.$_i.id"); do
		if [ "$_idoneo" = "$_id" ]; then CM_ID=$_id; dice "$(campo idonei "items.$_i.etichetta")"; break; fi
		_i=$((_i + 1))
	done
	_n=$((_n + 1))
done
PRIMA=$(carico)
IF_MATCH=$ETAG
chiedi 201 "$CO" POST "/casi/$CASO/assegnazioni" "{\"case_manager_id\":\"$CM_ID\"}"
IF_MATCH=
uguale "in the queue" "$(in_lista da_assegnare)" 0
uguale "in the assigned list" "$(in_lista assegnati)" 1
uguale "workload" "$(carico)" "$((${PRIMA%/*} + 1))/${PRIMA#*/}"
chiedi 200 "$CO" GET "/casi/$CASO/cronologia-assegnazioni"
uguale "chronology" "$(campo corpo items.0.evento)" ASSEGNAZIONE
cambia da_assegnare:-1 assegnati:1

passo "3. The case manager meets the nucleo and compiles the analisi preliminare: outcome C."
chiedi 200 "$CM" GET "/casi/$CASO"
CHI=$(campo corpo nucleo.componenti.0.componente_id)
uguale "the case manager sees the name" "$(campo corpo nucleo.componenti.0.cognome)" Rossi
PRIMI=$(orologi PRIMO_INCONTRO_120) RINNOVI=$(orologi MONITORAGGIO_90)
chiedi 201 "$CM" POST "/casi/$CASO/incontri-registrati" "{\"tipo\":\"PRESENTAZIONE_SPONTANEA\",\"data_incontro\":\"$OGGI\",\"presenti\":[\"$CHI\"]}"
uguale "clocks to a first meeting" "$(orologi PRIMO_INCONTRO_120)" "$((PRIMI - 1))"
uguale "clocks to the next one, of 90 days" "$(orologi MONITORAGGIO_90)" "$((RINNOVI + 1))"
modifica "$CM" "/casi/$CASO/analisi-preliminare" "{\"data\":\"$OGGI\",\"luogo\":\"SEDE_SERVIZIO\",\"presenti\":[\"$CHI\"]}"
uguale "the case" "$(stato_caso)" IN_VALUTAZIONE_AP
cambia "$(stato DA_AVVIARE):-1" "$(stato IN_VALUTAZIONE_AP):1"
DIMENSIONI='CONDIZIONI_FUNZIONAMENTI SITUAZIONE_ECONOMICA SITUAZIONE_LAVORATIVA EDUCAZIONE_FORMAZIONE CONDIZIONE_ABITATIVA RETI'
for s in $DIMENSIONI; do
	chiedi 201 "$CM" POST "/casi/$CASO/analisi-preliminare/sezioni" "{\"sezione\":\"$s\",\"punteggio\":2,\"contenuto\":{\"testo\":\"raccolto nel colloquio\",\"fonte\":\"COLLOQUIO\"},\"revisione\":0}"
done
modifica "$CM" "/casi/$CASO/analisi-preliminare/esiti" "{\"esito\":\"C\",\"motivazione\":\"bisogno complesso: lavoro, casa e rete familiare\",\"data\":\"$OGGI\",\"componenti_attivabili\":[\"$CHI\"]}"
uguale "the case" "$(stato_caso)" IN_VALUTAZIONE_QA
cambia "$(stato IN_VALUTAZIONE_AP):-1" "$(stato IN_VALUTAZIONE_QA):1" presi_in_carico:1

passo "4. An équipe compiles the quadro di analisi."
modifica "$CM" "/casi/$CASO/quadro-analisi/equipe" "{\"membri\":[{\"nome\":\"La case manager\",\"professione\":\"ASSISTENTE_SOCIALE\",\"ente\":\"Comune di Palermo\",\"operatore_id\":\"$CM_ID\"},{\"nome\":\"Pia Verdi\",\"professione\":\"PSICOLOGO\",\"ente\":\"ASP\"}]}"
for s in $DIMENSIONI; do
	chiedi 201 "$CM" POST "/casi/$CASO/quadro-analisi/sezioni" "{\"sezione\":\"$s\",\"punteggio\":2,\"contenuto\":{\"testo\":\"approfondito in équipe\",\"fonte\":\"COLLOQUIO\"},\"revisione\":0}"
done
modifica "$CM" "/casi/$CASO/quadro-analisi/finalizzazioni" "{\"sintesi\":\"priorità: formazione e un alloggio adeguato\",\"data\":\"$OGGI\"}"
uguale "the case" "$(stato_caso)" IN_DEFINIZIONE_PAIS
cambia "$(stato IN_VALUTAZIONE_QA):-1" "$(stato IN_DEFINIZIONE_PAIS):1"

passo "5. The PaIS is defined and signed."
chiedi 201 "$CM" POST "/casi/$CASO/pais/obiettivi" "{\"ambito\":\"SITUAZIONE_LAVORATIVA\",\"descrizione\":\"un lavoro stabile\",\"risultati\":[{\"descrizione\":\"un tirocinio avviato\",\"entro\":\"$OGGI\"}]}"
chiedi 201 "$CM" POST "/casi/$CASO/pais/impegni" "{\"tipo\":\"FORMAZIONE\",\"descrizione\":\"corso di formazione\",\"componenti\":[\"$CHI\"],\"frequenza\":\"due volte a settimana\",\"dal\":\"$OGGI\"}"
IMPEGNO=$(campo corpo id)
chiedi 201 "$CM" POST "/casi/$CASO/pais/sostegni" "{\"tipo\":\"TIROCINIO_INCLUSIONE\",\"erogatore\":\"Cooperativa Il Ponte\",\"dal\":\"$OGGI\"}"
SOSTEGNO=$(campo corpo id)
modifica "$CM" "/casi/$CASO/pais/sottoscrizioni" "{\"versione\":1,\"data\":\"$OGGI\",\"firmatari\":[\"$CHI\"],\"modalita\":\"CARTACEA\",\"hash_documento\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}"
uguale "the case" "$(stato_caso)" IN_MONITORAGGIO
uguale "workload" "$(carico)" "${PRIMA%/*}/$((${PRIMA#*/} + 1))"
cambia "$(stato IN_DEFINIZIONE_PAIS):-1" "$(stato IN_MONITORAGGIO):1" pais_firmati:1

passo "6. A sostegno begins; a monitoring meeting finds that an impegno was not kept."
chiedi 201 "$CM" POST "/casi/$CASO/sostegni/$SOSTEGNO/attivazioni" "{\"data\":\"$OGGI\"}"
chiedi 201 "$CM" POST "/casi/$CASO/incontri" "{\"inizio\":\"$(date -u +%Y-%m-%dT%H:%M:00Z)\",\"durata_minuti\":45,\"luogo\":\"sportello 2\",\"impegni\":[\"$IMPEGNO\"]}"
INCONTRO=$(campo corpo id)
chiedi 201 "$CM" POST "/casi/$CASO/incontri/$INCONTRO/registrazioni" "{\"tipo\":\"AVVENUTO_INCONTRO\",\"data_incontro\":\"$OGGI\",\"presenti\":[\"$CHI\"]}"
chiedi 201 "$CM" POST "/casi/$CASO/incontri/$INCONTRO/valutazioni" "{\"impegni\":[{\"impegno_id\":\"$IMPEGNO\",\"valutazione\":\"NON_REALIZZATO\"}],\"note\":\"il corso non è stato frequentato\"}"
dice "the meeting was held and evaluated"
chiedi 201 "$CM" POST "/casi/$CASO/comunicazioni" "{\"tipo\":\"IMPEGNO_NON_REALIZZATO\",\"canale\":\"EMAIL\",\"destinatari\":[\"$CHI\"],\"testo\":\"Il corso previsto non risulta frequentato: la aspettiamo per parlarne.\"}"
MESSAGGIO=$(campo corpo id)
chiedi 200 "$CO" GET "/comunicazioni?formale=false&ordina=data"
uguale "the coordinator's list of messages begins with" "$(campo corpo items.0.id)" "$MESSAGGIO"
manca 'Il corso previsto' "a coordinator reads the message"

passo "7. The case manager proposes to tell INPS; the coordinator approves, for good."
chiedi 201 "$CM" POST "/casi/$CASO/segnalazioni" "{\"categoria\":\"ADI_MANCATO_RISPETTO_IMPEGNI\",\"componente_id\":\"$CHI\",\"data_fatto\":\"$OGGI\",\"data_accertamento\":\"$OGGI\",\"dettaglio\":\"non frequenta il corso previsto dal PaIS\"}"
SEGNALAZIONE=$(campo corpo id)
uguale "it waits for validation, of" "$(segnalazione validazione segnalazione_id)" "$SEGNALAZIONE"
dice "INPS must know by $(campo corpo items.0.scadenza_comunicazione)"
cambia "$(segnalate DA_VALIDARE):1"
FORTE=$(forte COORDINATORE_PAIS)
chiedi 200 "$FORTE" POST /segnalazioni/decisioni "{\"decisione\":\"approvata\",\"segnalazioni\":[{\"caso_id\":\"$CASO\",\"segnalazione_id\":\"$SEGNALAZIONE\"}]}"
cambia "$(segnalate DA_VALIDARE):-1"
uguale "in the register, of" "$(segnalazione registro segnalazione_id)" "$SEGNALAZIONE"
chiedi 409 "$FORTE" POST "/casi/$CASO/segnalazioni/$SEGNALAZIONE/decisioni" '{"decisione":"rifiutata","motivazione":"ripensandoci non è dovuta"}'
dice "a second decision is refused: $(campo corpo codice)"

passo "8. The dispatcher sends it to INPS, which acknowledges it."
_volte=0 _prima=
while :; do
	STATO=$(segnalazione registro stato)
	[ "$STATO" = "$_prima" ] || dice "in the register: $STATO"
	_prima=$STATO
	[ "$STATO" != ACQUISITA ] || break
	_volte=$((_volte + 1))
	[ "$_volte" -lt 180 ] || errore "INPS did not acknowledge it: $(cat "$T/corpo")"
	sleep 1
done
chiedi 409 "$CO" POST "/casi/$CASO/segnalazioni/$SEGNALAZIONE/annullamenti" '{"motivazione":"errore di persona"}'
dice "it cannot be annulled any more: $(campo corpo codice)"

passo "9. The PaIS is concluded, and with it the case."
modifica "$CM" "/casi/$CASO/pais/conclusioni" "{\"esito\":\"PARZIALE\",\"motivazione\":\"resta aperto il percorso formativo\",\"data\":\"$OGGI\"}"
uguale "the case" "$(stato_caso)" CHIUSO
uguale "in the assigned list" "$(in_lista assegnati)" 0
uguale "workload" "$(carico)" "$PRIMA"
cambia "$(stato IN_MONITORAGGIO):-1" "$(stato CHIUSO):1" assegnati:-1

passo "10. An auditor reads all of it back."
AUDITOR=$(token AUDITOR)
chiedi 200 "$AUDITOR" GET "/casi/$CASO/eventi"
_i=0
while campo corpo "eventi.$_i.tipo" >/dev/null; do _i=$((_i + 1)); done
dice "$_i events, from $(campo corpo eventi.0.tipo) to $(campo corpo "eventi.$((_i - 1)).tipo")"
manca Rossi "an auditor sees a name"

passo "That was the whole road."
