#!/bin/sh
# The tour: one nucleo from the file of INPS to the end of its PaIS, through
# HTTP alone, as the people of the demo do it. It prints each step and what the
# lists and figures say of it, and stops at the first thing that is not as it
# should be.
#
#   bin/nucleo demo --json >demo.json &     # in one line: the address, the people, their tokens
#   docs/tour.sh demo.json
#
# It needs sh, curl, grep, sed and cut, and nothing else.
set -eu

demo=${1:?usage: docs/tour.sh FILE, where FILE holds what nucleo demo --json printed}
indirizzo=$(grep -o '"indirizzo":"[^"]*"' "$demo" | cut -d'"' -f4)
base=$indirizzo/rest/nucleo/v1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
oggi=$(TZ=Europe/Rome date +%Y-%m-%d)
anno=${oggi%%-*}
numero=$(date +%s | sed 's/^.*\(.\{9\}\)$/\1/; s/^0*//')
domanda=INPS-ADI-$anno-$numero
codice=RSSMRA80A01G273Z
passi=0

passo() { passi=$((passi + 1)); printf '\n%2d. %s\n' "$passi" "$*"; }
dice() { printf '    %s\n' "$*"; }
fallisce() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# token RUOLO [N] is the token of the N-th person who has that role and no other.
token() { sed 's/},{/}\n{/g' "$demo" | grep "\"ruolo\":\"$1\"" | sed -n "${2:-1}p" | grep -o '"token":"[^"]*"' | cut -d'"' -f4; }

# chiedi METHOD PATH TOKEN STATUS [BODY] asks the API, and fails unless it
# answers STATUS. The answer is in $corpo, the ETag is kept for the next call
# where $etag is not emptied.
etag=
chiedi() {
	set -- "$1" "$2" "$3" "$4" "${5:-}" "$tmp/h" "$tmp/b"
	stato=$(curl -sS -o "$7" -D "$6" -w '%{http_code}' -X "$1" "$base$2" \
		-H "Authorization: Bearer $3" -H 'Prefer: wait=10' -H "Idempotency-Key: tour-$numero-$passi-$(date +%s%N)-$2" \
		${etag:+-H "If-Match: $etag"} ${5:+-H 'Content-Type: application/json' --data-binary "$5"})
	corpo=$(cat "$7")
	[ "$stato" = "$4" ] || fallisce "$1 $2 answered $stato, not $4: $corpo"
	nuovo=$(tr -d '\r' <"$6" | sed -n 's/^[Ee][Tt][Aa][Gg]: //p')
	etag=${nuovo:-$etag}
}

# campo NAME is the first value of that name in the answer.
campo() { printf '%s' "$corpo" | grep -o "\"$1\":\(\"[^\"]*\"\|[0-9]*\)" | head -n 1 | sed 's/^"[^"]*"://; s/"//g'; }
contiene() { printf '%s' "$corpo" | grep -qF -- "$1" || fallisce "$2: $corpo"; }
manca() { if printf '%s' "$corpo" | grep -qF -- "$1"; then fallisce "$2: $corpo"; fi; }

coordinatore=$(token COORDINATORE_PAIS)
inps=$(token SISTEMA_INPS)

# conta says how the case stands for its coordinator: which list, how many.
liste() {
	etag=
	for lista in da_assegnare assegnati; do
		chiedi POST /casi/ricerche "$coordinatore" 200 "{\"lista\":\"$lista\",\"id_domanda\":\"$domanda\"}"
		dice "$lista: $(campo totale) case with this domanda"
		eval "in_$lista=$(campo totale)"
	done
	[ "$in_da_assegnare$in_assegnati" = "$1" ] || fallisce "the lists hold $in_da_assegnare and $in_assegnati, not $1"
}

figure() {
	etag=
	chiedi GET /cruscotto/generale "$coordinatore" 200
	dice "dashboard: $(campo nuclei) nuclei, $(campo da_assegnare) to assign, $(campo assegnati) assigned, $(campo pais_firmati) PaIS signed"
}

passo "INPS sends a file with one domanda, $domanda"
etag=
riga="{\"id_domanda\":\"$domanda\",\"misura\":\"ADI\",\"data_presentazione\":\"$oggi\",\"data_sottoscrizione_pad\":\"$oggi\",\"data_trasmissione_comune\":\"$oggi\",\"comune\":\"G273\",\"via\":\"Via degli Esempi\",\"civico\":\"14\",\"cap\":\"90121\",\"email\":\"nucleo@example.org\",\"componenti\":[{\"codice_fiscale\":\"$codice\",\"cognome\":\"Rossi\",\"nome\":\"Mario\",\"sesso\":\"M\",\"data_nascita\":\"1980-01-01\",\"comune_nascita\":\"G273\",\"relazione_parentale\":\"RICHIEDENTE\",\"convivente\":true,\"disabilita\":false,\"tenuto_agli_obblighi\":true}]}"
stato=$(printf '%s\n' "$riga" | curl -sS -o "$tmp/b" -w '%{http_code}' "$base/importazioni?tipo=domande" -H "Authorization: Bearer $inps" \
	-H 'Content-Type: application/x-ndjson' -H "Idempotency-Key: tour-$domanda" --data-binary @-)
corpo=$(cat "$tmp/b")
[ "$stato" = 202 ] || fallisce "the file was answered $stato: $corpo"
importazione=$(campo id)
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	chiedi GET "/importazioni/$importazione" "$inps" 200
	case $(campo stato) in COMPLETATA) break ;; IN_VERIFICA | IN_CORSO) sleep 1 ;; *) fallisce "the import ended: $corpo" ;; esac
done
dice "import $importazione: $(campo stato), $(campo nuove) new"
[ "$(campo stato)$(campo nuove)" = COMPLETATA1 ] || fallisce "the domanda was not taken in: $corpo"
posizione=
liste 10
figure

passo "the coordinator finds it in the queue, masked, and assigns it"
chiedi POST /casi/ricerche "$coordinatore" 200 "{\"lista\":\"da_assegnare\",\"codice_fiscale\":\"$codice\",\"id_domanda\":\"$domanda\"}"
caso=$(campo id)
etag_caso=$(printf '%s' "$corpo" | grep -o '"etag":"[^,}]*' | head -n 1 | sed 's/^"etag":"\\"//; s/\\"".*$//; s/\\"$//')
dice "case $caso: $(campo cognome) $(campo nome), $(campo codice_fiscale)"
manca '"cognome":"Rossi"' 'the name is not masked'
manca '"stato"' 'a coordinator sees how far the case is'
n=1
while :; do
	cm=$(token CASE_MANAGER $n)
	[ -n "$cm" ] || fallisce 'no case manager of the demo may have the case'
	etag=
	chiedi GET /profili "$cm" 200
	operatore=$(campo operatore_id)
	chiedi GET '/case-manager?comune=G273' "$coordinatore" 200
	if printf '%s' "$corpo" | grep -qF "$operatore"; then break; fi
	n=$((n + 1))
done
dice "case manager $operatore"
etag="\"$etag_caso\""
chiedi POST "/casi/$caso/assegnazioni" "$coordinatore" 201 "{\"case_manager_id\":\"$operatore\"}"
liste 01
chiedi GET "/casi/$caso/cronologia-assegnazioni" "$coordinatore" 200
dice "chronology: $(campo evento), $(campo modalita)"
etag=
chiedi POST /casi/miei/ricerche "$cm" 200 "{\"id_domanda\":\"$domanda\"}"
contiene "$caso" 'the case is not among those of its case manager'
dice 'the case manager has it in the own list'

passo 'the case manager opens the case: whole, and in clear'
chiedi GET "/casi/$caso" "$cm" 200
contiene '"Rossi"' 'the case manager does not see the name'
persona=$(campo componente_id)
dice "state $(campo stato), person $persona"

passo 'first meeting, and the AP with outcome C'
chiedi POST "/casi/$caso/analisi-preliminare" "$cm" 201 "{\"data\":\"$oggi\",\"luogo\":\"SEDE_SERVIZIO\",\"presenti\":[\"$persona\"]}"
chiedi POST "/casi/$caso/incontri-registrati" "$cm" 201 "{\"tipo\":\"AVVENUTO_INCONTRO\",\"data_incontro\":\"$oggi\",\"presenti\":[\"$persona\"]}"
for sezione in CONDIZIONI_FUNZIONAMENTI SITUAZIONE_ECONOMICA SITUAZIONE_LAVORATIVA EDUCAZIONE_FORMAZIONE CONDIZIONE_ABITATIVA RETI; do
	chiedi POST "/casi/$caso/analisi-preliminare/sezioni" "$cm" 201 "{\"sezione\":\"$sezione\",\"contenuto\":{\"testo\":\"quanto emerso dal colloquio\",\"fonte\":\"COLLOQUIO\"},\"punteggio\":2,\"revisione\":0}"
done
chiedi POST "/casi/$caso/analisi-preliminare/esiti" "$cm" 201 "{\"esito\":\"C\",\"motivazione\":\"bisogno complesso: lavoro, casa e rete familiare\",\"data\":\"$oggi\",\"componenti_attivabili\":[\"$persona\"]}"
chiedi GET "/casi/$caso" "$cm" 200
contiene IN_VALUTAZIONE_QA 'outcome C did not lead to the QA'
dice "state $(campo stato)"
figure

passo 'the QA, by a multidisciplinary team'
chiedi GET "/casi/$caso" "$cm" 200
chiedi POST "/casi/$caso/quadro-analisi/equipe" "$cm" 201 "{\"membri\":[{\"nome\":\"Anna Bianchi\",\"professione\":\"ASSISTENTE_SOCIALE\",\"ente\":\"Comune di Palermo\",\"operatore_id\":\"$operatore\"},{\"nome\":\"Pia Verdi\",\"professione\":\"PSICOLOGO\",\"ente\":\"ASP\"}]}"
chiedi POST "/casi/$caso/quadro-analisi/sezioni" "$cm" 201 '{"sezione":"SITUAZIONE_LAVORATIVA","contenuto":{"testo":"qualifica da aggiornare","fonte":"COLLOQUIO"},"punteggio":2,"revisione":0}'
chiedi POST "/casi/$caso/quadro-analisi/finalizzazioni" "$cm" 201 "{\"sintesi\":\"formazione e un alloggio adeguato\",\"data\":\"$oggi\"}"
chiedi GET "/casi/$caso" "$cm" 200
contiene IN_DEFINIZIONE_PAIS 'the QA did not lead to the PaIS'
dice "state $(campo stato)"

passo 'the PaIS: what it aims at, who does what, and the signature'
chiedi POST "/casi/$caso/pais/obiettivi" "$cm" 201 "{\"ambito\":\"SITUAZIONE_LAVORATIVA\",\"descrizione\":\"una qualifica\",\"risultati\":[{\"descrizione\":\"attestato del corso\",\"entro\":\"$((anno + 1))-12-31\"}]}"
chiedi POST "/casi/$caso/pais/impegni" "$cm" 201 "{\"tipo\":\"FORMAZIONE\",\"descrizione\":\"corso di formazione\",\"componenti\":[\"$persona\"],\"frequenza\":\"due volte a settimana\",\"dal\":\"$oggi\",\"al\":\"$((anno + 1))-12-31\"}"
impegno=$(campo id)
chiedi POST "/casi/$caso/pais/sostegni" "$cm" 201 "{\"tipo\":\"SERVIZIO_SOCIALE_PROFESSIONALE\",\"erogatore\":\"Comune di Palermo\",\"dal\":\"$oggi\",\"al\":\"$((anno + 1))-12-31\"}"
chiedi POST "/casi/$caso/pais/sottoscrizioni" "$cm" 201 "{\"versione\":1,\"data\":\"$oggi\",\"firmatari\":[\"$persona\"],\"modalita\":\"CARTACEA\",\"hash_documento\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}"
chiedi GET "/casi/$caso" "$cm" 200
contiene IN_MONITORAGGIO 'the signature did not lead to the monitoring'
dice "state $(campo stato)"
figure

passo 'a message to the nucleo'
chiedi POST "/casi/$caso/comunicazioni" "$cm" 201 "{\"tipo\":\"PROMEMORIA\",\"canale\":\"EMAIL\",\"destinatari\":[\"$persona\"],\"testo\":\"Le ricordiamo l'incontro di oggi.\"}"
etag=
chiedi POST /comunicazioni/ricerche "$coordinatore" 200 "{\"forma\":\"informali\",\"id_domanda\":\"$domanda\"}"
dice "state of communications: $(campo totale), $(campo stato)"

passo 'a monitoring meeting, in which an impegno turns out unmet'
etag=
chiedi POST "/casi/$caso/incontri" "$cm" 201 "{\"inizio\":\"${oggi}T12:00:00Z\",\"durata_minuti\":45,\"luogo\":\"sportello 2\",\"partecipanti\":[\"$persona\"],\"impegni\":[\"$impegno\"]}"
incontro=$(campo id)
etag=
chiedi GET "/agenda?dal=$oggi&al=$oggi" "$cm" 200
contiene "$incontro" 'the meeting is not in the agenda'
dice 'it stands in the agenda'
chiedi POST "/casi/$caso/incontri/$incontro/registrazioni" "$cm" 201 "{\"tipo\":\"AVVENUTO_INCONTRO\",\"data_incontro\":\"$oggi\",\"presenti\":[\"$persona\"]}"
etag=
chiedi POST "/casi/$caso/incontri/$incontro/valutazioni" "$cm" 201 "{\"impegni\":[{\"impegno_id\":\"$impegno\",\"valutazione\":\"NON_REALIZZATO\"}],\"note\":\"corso non frequentato, senza giustificato motivo\"}"
dice 'impegno NON_REALIZZATO'

passo 'the case manager proposes to tell INPS; the coordinator approves'
etag=
chiedi POST "/casi/$caso/segnalazioni" "$cm" 201 "{\"categoria\":\"ADI_MANCATO_RISPETTO_IMPEGNI\",\"componente_id\":\"$persona\",\"data_fatto\":\"$oggi\",\"data_accertamento\":\"$oggi\",\"dettaglio\":\"non frequenta il corso previsto dal PaIS\"}"
segnalazione=$(campo id)
etag=
chiedi POST /segnalazioni/ricerche "$coordinatore" 200 "{\"vista\":\"validazione\",\"id_domanda\":\"$domanda\"}"
contiene "$segnalazione" 'the segnalazione does not wait for validation'
dice "validation: $(campo stato), by $(campo scadenza_comunicazione)"
chiedi POST /segnalazioni/decisioni "$coordinatore" 200 "{\"decisione\":\"approvata\",\"segnalazioni\":[{\"caso_id\":\"$caso\",\"segnalazione_id\":\"$segnalazione\"}]}"
chiedi POST /segnalazioni/decisioni "$coordinatore" 200 "{\"decisione\":\"approvata\",\"segnalazioni\":[{\"caso_id\":\"$caso\",\"segnalazione_id\":\"$segnalazione\"}]}"
contiene segnalazione.gia_decisa 'a second decision was taken'
dice 'approved; a second decision is refused'

passo 'the dispatcher sends it to INPS, which acknowledges it'
prima=
for _ in $(seq 1 120); do
	etag=
	chiedi POST /segnalazioni/ricerche "$coordinatore" 200 "{\"vista\":\"registro\",\"id_domanda\":\"$domanda\"}"
	ora=$(campo stato)
	[ "$ora" = "$prima" ] || dice "registro: $ora"
	prima=$ora
	[ "$ora" = ACQUISITA ] && break
	sleep 1
done
[ "$ora" = ACQUISITA ] || fallisce "INPS did not acknowledge it: $corpo"
chiedi POST "/casi/$caso/segnalazioni/$segnalazione/annullamenti" "$coordinatore" 409 '{"motivazione":"errore di persona"}'
contiene segnalazione.gia_inviata 'what was sent was annulled'
dice 'it cannot be annulled any more'

passo 'the PaIS is concluded, and with it the case'
etag=
chiedi GET "/casi/$caso" "$cm" 200
chiedi POST "/casi/$caso/pais/conclusioni" "$cm" 201 "{\"esito\":\"PARZIALE\",\"data\":\"$oggi\",\"motivazione\":\"percorso concluso in parte\"}"
etag=
chiedi GET "/casi/$caso" "$cm" 200
contiene '"CHIUSO"' 'the case is not closed'
dice "state $(campo stato)"
liste 00
figure

passo 'an auditor reads it all back'
etag=
auditor=$(token AUDITOR)
chiedi GET "/casi/$caso/eventi" "$auditor" 200
manca Rossi 'an auditor sees a name'
dice "$(printf '%s' "$corpo" | grep -o '"numero":' | wc -l | tr -d ' ') events, personal data masked"
printf '\nThe tour is over: %d steps.\n' "$passi"
