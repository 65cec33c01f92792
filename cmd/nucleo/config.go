package main

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"nucleo/domain/allarme"
	"nucleo/domain/belfiore"
	"nucleo/domain/calendario"
	"nucleo/projections/casi"
)

// config is all that differs from one installation to another. README.md has
// one row for each field; a test compares them.
type config struct {
	Env        string        `env:"NUCLEO_ENV" envDefault:"development" cosa:"development or production: production refuses what only a demo may do"`
	Addr       string        `env:"NUCLEO_ADDR" envDefault:"127.0.0.1:8080" cosa:"where the API listens"`
	Data       string        `env:"NUCLEO_DATA" envDefault:"./dati" cosa:"data directory: the embedded node and Postgres, the installation secret, files on their way in"`
	EventStore string        `env:"NUCLEO_EVENTSTORE" cosa:"esdb:// or esdb+discover:// of an EventStoreDB server; empty for the embedded node" segreto:"url"`
	Postgres   string        `env:"NUCLEO_POSTGRES" cosa:"postgres:// of a managed server; empty for the embedded one" segreto:"url"`
	Chiavi     string        `env:"NUCLEO_CHIAVI" cosa:"postgres:// of the database of keys, its own: needed with NUCLEO_POSTGRES; empty for the embedded one" segreto:"url"`
	KEK        string        `env:"NUCLEO_KEK" cosa:"directory of the key-encryption keys, shared by all replicas; empty for kek in the data directory"`
	Issuer     string        `env:"NUCLEO_OIDC_ISSUER" cosa:"issuer of the bearer tokens (OpenID Connect)"`
	Audience   string        `env:"NUCLEO_OIDC_AUDIENCE" envDefault:"nucleo" cosa:"audience that tokens must name"`
	Claim      string        `env:"NUCLEO_OIDC_CLAIM" envDefault:"https://attributes.eid.gov.it/fiscal_number" cosa:"claim that holds the codice fiscale"`
	Parti      []string      `env:"NUCLEO_OIDC_CLIENT" cosa:"clients, beside the audience, that tokens may have been made for (azp)"`
	Programmi  []string      `env:"NUCLEO_PROGRAMMI" envDefault:"sistema-inps" cosa:"subjects of tokens that belong to programs, not people"`
	Recente    time.Duration `env:"NUCLEO_ACCESSO_RECENTE" envDefault:"5m" cosa:"how long after signing in a person may decide on segnalazioni; then they must sign in again"`
	TLSCert    string        `env:"NUCLEO_TLS_CERT" cosa:"PEM certificate of the API; empty behind a proxy that ends TLS"`
	TLSKey     string        `env:"NUCLEO_TLS_KEY" cosa:"PEM key of the certificate"`
	LogLevel   string        `env:"NUCLEO_LOG" envDefault:"info" cosa:"debug, info, warn or error"`
	MaxFile    int64         `env:"NUCLEO_MAX_FILE" envDefault:"536870912" cosa:"largest file that an import takes, in bytes"`
	Patroni    []string      `env:"NUCLEO_PATRONI" cosa:"days of patrons, on which a comune does not work: Belfiore code=MM-DD, separated by commas"`
	Rettifica  bool          `env:"NUCLEO_RETTIFICA_RDC" cosa:"true lets segnalazioni of the RDC and PDC be rectified once sent, as those of the ADI are"`
	Priorita   []string      `env:"NUCLEO_PRIORITA" envDefault:"RDC=60/30,ADI=90/60" cosa:"from how many days after the domanda on a case is of priority alta/media, by measure"`
	InChiaro   bool          `env:"NUCLEO_IN_CHIARO" cosa:"true shows coordinators names, codici fiscali and addresses in the lists of cases as they are, not masked"`
	INPS       string        `env:"NUCLEO_INPS" cosa:"where approved segnalazioni are sent: a directory, or https:// of an endpoint; empty: nowhere" segreto:"url"`
	Ricevute   string        `env:"NUCLEO_INPS_RICEVUTE" cosa:"directory in which receipts of INPS arrive; an endpoint is asked for them as well"`
	INPSOgni   time.Duration `env:"NUCLEO_INPS_OGNI" envDefault:"1m" cosa:"how often segnalazioni are gathered and sent; what is in uscita can be annulled for as long"`
	Drain      time.Duration `env:"NUCLEO_DRAIN" envDefault:"20s" cosa:"how long a stop waits for requests under way"`

	Origini           []string `env:"NUCLEO_ORIGINI" cosa:"web origins, beside the API's own, from whose pages browsers may send what changes things: https://console.example"`
	Proxy             []string `env:"NUCLEO_PROXY" cosa:"addresses or networks of proxies before the API, whose X-Forwarded-For is believed"`
	HTTPS             bool     `env:"NUCLEO_HTTPS" cosa:"true when the API is reached by TLS alone, also where a proxy ends it: browsers are told so (HSTS)"`
	RitmoOperatore    int      `env:"NUCLEO_RITMO_OPERATORE" envDefault:"600" cosa:"requests a minute of one operator or program; 0: no bound"`
	RitmoAmbito       int      `env:"NUCLEO_RITMO_AMBITO" envDefault:"12000" cosa:"requests a minute of all who act in one ambito; 0: no bound"`
	RitmoEsatte       int      `env:"NUCLEO_RITMO_ESATTE" envDefault:"30" cosa:"searches a minute of one operator by an exact codice fiscale; 0: no bound"`
	RitmoAnonimi      int      `env:"NUCLEO_RITMO_ANONIMI" envDefault:"600" cosa:"requests a minute of one address that does not say, or not believably, who asks; 0: no bound"`
	Connessioni       int      `env:"NUCLEO_CONNESSIONI" envDefault:"4096" cosa:"connections that are open at once; 0: no bound"`
	ConnessioniClient int      `env:"NUCLEO_CONNESSIONI_CLIENT" envDefault:"256" cosa:"connections of one address that are open at once; 0: no bound"`

	ClientID      string        `env:"NUCLEO_OIDC_CLIENT_ID" cosa:"client id of this installation at the issuer: with it people sign in by the browser (GET /accesso); empty: bearer tokens alone"`
	ClientSegreto string        `env:"NUCLEO_OIDC_CLIENT_SEGRETO" cosa:"file with the secret of that client; empty for a public client"`
	Ritorno       string        `env:"NUCLEO_OIDC_RITORNO" cosa:"https:// address of GET /accesso/ritorno, as the issuer knows it"`
	Scope         []string      `env:"NUCLEO_OIDC_SCOPE" envDefault:"openid,profile" cosa:"scopes that are asked for, separated by commas"`
	Ferma         time.Duration `env:"NUCLEO_SESSIONE_FERMA" envDefault:"15m" cosa:"how long a session may be left alone"`
	Durata        time.Duration `env:"NUCLEO_SESSIONE_DURATA" envDefault:"8h" cosa:"how long a session holds in all"`

	SogliaRegistro int `env:"NUCLEO_REGISTRO_SOGLIA" envDefault:"0" cosa:"rows of a list that may be shown while the access log cannot be written; an open case is never"`

	Sigilli string `env:"NUCLEO_SIGILLI" cosa:"directory of the second place of the seals: on another disk, under another administrator; empty: beside the data directory, with -sigilli after its name"`

	Allarmi []string `env:"NUCLEO_ALLARMI" envDefault:"LETTURE=60,ELENCHI=3000,DINIEGHI=10,SENZA_LAVORO=10,PARENTELA=1,FUORI_ORARIO=10,RICERCHE=20,PROTETTI=1,RIASSEGNAZIONE=20" cosa:"from how many on each rule raises an alert about the access log; a rule that is left out, or 0, is off"`
	Orario  string   `env:"NUCLEO_ORARIO" envDefault:"7-20" cosa:"hours of work: who looks at cases outside of them, or on days that are not worked, may raise an alert"`

	SMTP        string `env:"NUCLEO_SMTP" cosa:"mail server: smtp://[user@]host[:587] (STARTTLS), smtps://[user@]host[:465], or ?tls=no; empty: no e-mail is sent" segreto:"url"`
	SMTPSegreto string `env:"NUCLEO_SMTP_SEGRETO" cosa:"file with the password of the user of the mail server"`
	Mittente    string `env:"NUCLEO_MITTENTE" cosa:"who e-mails are from: Servizi sociali <avvisi@comune.example>"`
	SMS         string `env:"NUCLEO_SMS" cosa:"SMS gateway: https:// address of docs/formato-sms.md; empty: no SMS is sent"`
	SMSSegreto  string `env:"NUCLEO_SMS_SEGRETO" cosa:"file with the bearer token of the SMS gateway"`
}

// configFrom reads the settings, and reports all that is wrong at once. A
// variable NUCLEO_… that no setting knows is a mistake too.
func configFrom(environ []string) (config, error) {
	var c config
	vars := env.ToMap(environ)
	errs := []error{env.ParseWithOptions(&c, env.Options{Environment: vars})}
	known := map[string]bool{}
	for _, s := range impostazioni(c) {
		known[s.nome] = true
	}
	for nome := range vars {
		if strings.HasPrefix(nome, "NUCLEO_") && !known[nome] && !diProva[nome] && !deiVerbi[nome] {
			errs = append(errs, fmt.Errorf("%s is no setting: see nucleo config", nome))
		}
	}
	if c.Env != "development" && c.Env != "production" {
		errs = append(errs, errors.New("NUCLEO_ENV is development or production"))
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		errs = append(errs, errors.New("NUCLEO_TLS_CERT and NUCLEO_TLS_KEY go together"))
	}
	if c.EventStore != "" && !strings.HasPrefix(c.EventStore, "esdb") {
		errs = append(errs, errors.New("NUCLEO_EVENTSTORE is esdb://… or esdb+discover://…"))
	}
	errs = append(errs, c.controllaAccesso(), c.controllaChiavi())
	if err := c.versoINPS(); err != nil {
		errs = append(errs, err)
	}
	if _, err := c.patroni(); err != nil {
		errs = append(errs, err)
	}
	if _, err := c.soglie(); err != nil {
		errs = append(errs, err)
	}
	if _, err := allarme.LeggiSoglie(c.Allarmi); err != nil {
		errs = append(errs, fmt.Errorf("NUCLEO_ALLARMI: %w", err))
	}
	if _, _, err := c.orario(); err != nil {
		errs = append(errs, err)
	}
	if c.produzione() && strings.Contains(c.EventStore, "tls=false") {
		errs = append(errs, errors.New("NUCLEO_EVENTSTORE: tls=false is refused in production"))
	}
	if c.produzione() && strings.Contains(c.Postgres, "sslmode=disable") {
		errs = append(errs, errors.New("NUCLEO_POSTGRES: sslmode=disable is refused in production"))
	}
	errs = append(errs, c.controllaMessaggi()...)
	errs = append(errs, c.controllaBordo()...)
	return c, errors.Join(errs...)
}

// versoINPS refuses ways to INPS that cannot be gone.
func (c config) versoINPS() error {
	schema, _, rete := strings.Cut(c.INPS, "://")
	switch {
	case c.INPSOgni <= 0:
		return errors.New("NUCLEO_INPS_OGNI is longer than nothing")
	case rete && schema != "https" && (schema != "http" || c.produzione()):
		return errors.New("NUCLEO_INPS is a directory or https://…; http:// is for trials, not for production")
	case c.INPS != "" && !rete && c.Ricevute == "":
		return errors.New("NUCLEO_INPS is a directory: name in NUCLEO_INPS_RICEVUTE the one in which receipts arrive")
	}
	return nil
}

// patroni are the days of the patrons by comune.
func (c config) patroni() (map[string]calendario.Ricorrenza, error) {
	giorni := map[string]calendario.Ricorrenza{}
	for _, voce := range c.Patroni {
		comune, giorno, _ := strings.Cut(voce, "=")
		quando, err := calendario.ParseRicorrenza(giorno)
		if _, noto := belfiore.Cerca(comune); !noto || giorno == "" || err != nil {
			return nil, fmt.Errorf("NUCLEO_PATRONI: %q is not a Belfiore code=MM-DD", voce)
		}
		giorni[comune] = quando
	}
	return giorni, nil
}

// soglie are the thresholds of the priorities.
func (c config) soglie() (s casi.Soglie, err error) {
	for _, voce := range c.Priorita {
		misura, giorni, _ := strings.Cut(voce, "=")
		di := map[string]*casi.Soglia{"RDC": &s.RDC, "ADI": &s.ADI}[misura]
		alta, media, _ := strings.Cut(giorni, "/")
		a, errAlta := strconv.Atoi(alta)
		m, errMedia := strconv.Atoi(media)
		if di == nil || errAlta != nil || errMedia != nil || m < 1 || a <= m || a > massimaSoglia {
			return s, fmt.Errorf("NUCLEO_PRIORITA: %q is not a measure and two numbers of days, as in RDC=60/30: the first the larger", voce)
		}
		*di = casi.Soglia{Alta: a, Media: m}
	}
	return s, nil
}

// massimaSoglia is ten years: what is longer was mistyped.
const massimaSoglia = 3660

// diProva are variables that the tests read.
var diProva = map[string]bool{"NUCLEO_LONG": true, "NUCLEO_SEED": true, "NUCLEO_ROUNDS": true, "NUCLEO_TEST_ESDB": true, "NUCLEO_SENZA_NPM": true}

// deiVerbi are variables that verbs read which ask an installation: somebody who has
// set one for them runs others in the same shell.
var deiVerbi = map[string]bool{"NUCLEO_TOKEN": true}

func (c config) produzione() bool { return c.Env == "production" }

// impostazione is one setting, as people see it.
type impostazione struct{ nome, valore, normale, cosa string }

// impostazioni lists the settings with their values, secrets masked.
func impostazioni(c config) (all []impostazione) {
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		valore := fmt.Sprint(v.Field(i).Interface())
		if list, ok := v.Field(i).Interface().([]string); ok {
			valore = strings.Join(list, ",")
		}
		if f.Tag.Get("segreto") == "url" {
			valore = senzaParola(valore)
		}
		all = append(all, impostazione{f.Tag.Get("env"), valore, f.Tag.Get("envDefault"), f.Tag.Get("cosa")})
	}
	return all
}

// senzaParola hides the password of a URL.
func senzaParola(url string) string {
	schema, resto, ok := strings.Cut(url, "://")
	chi, dove, autenticato := strings.Cut(resto, "@")
	if !ok || !autenticato {
		return url
	}
	utente, _, _ := strings.Cut(chi, ":")
	return schema + "://" + utente + ":****@" + dove
}
