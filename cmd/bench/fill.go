package main

import (
	"context"
	"crypto/md5"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// fill puts cases and people into the tables of the models, as a fold would
// leave them: 566 ambiti of very different size, half of the cases waiting.
// Indexes are dropped meanwhile, and made again as they were.
func fill(ctx context.Context, pool *pgxpool.Pool, cases int) error {
	pooled, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	conn := pooled.Hijack() // its settings are its own
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, `SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class AS t ON t.oid = indrelid
		WHERE NOT indisprimary AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(casi|nuclei|operatori|ambiti|cronologia)_v')`)
	if err != nil {
		return err
	}
	type index struct{ Name, Make string }
	indexes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return err
	}
	statements := []string{"SET statement_timeout = 0", "SET maintenance_work_mem = '256MB'", "SET synchronous_commit = off"}
	for _, i := range indexes {
		statements = append(statements, "DROP INDEX "+i.Name)
	}
	statements = append(statements, strings.Split(fmt.Sprintf(fillTables, cases), ";")...)
	for _, i := range indexes {
		statements = append(statements, i.Make)
	}
	for _, sql := range append(statements, "VACUUM (ANALYZE)", "CHECKPOINT") {
		if _, err := conn.Exec(ctx, sql); err != nil && !(sql == "CHECKPOINT") { // which takes a right that the role may lack
			return fmt.Errorf("%.60s…: %w", strings.TrimSpace(sql), err)
		}
	}
	return nil
}

// casoN is a case that was moved often.
var casoN = uuid.UUID(md5.Sum([]byte("1")))

const fillTables = `
	SELECT setseed(0.5);
	INSERT INTO casi (caso, id_domanda, misura, ambito, comune, cap, via, civico, codice_fiscale, cognome, nome, cerca_nome, cerca_indirizzo,
		data_presentazione, scadenza_120, numero_componenti, minori, disabili, presenza_minori, presenza_disabili, stato, in_coda, lista,
		riassegnato, case_manager, data_assegnazione, assegnato_da, nome_case_manager, nome_assegnato_da, versione_assegnazione, posizione)
	SELECT md5(n::text)::uuid, 'INPS-' || misura || '-2026-' || n, misura, ambito, ambito || '-' || c, '90' || lpad(mod(n / 2 * 7, 20)::text, 3, '0'), 'Via strada' || s, mod(n, 40)::text,
		'CF' || lpad(n::text, 13, '0'), 'Cognome' || k, 'Nome' || m, 'COGNOME' || k || ' NOME' || m, 'VIA STRADA' || s || ' ' || mod(n, 40),
		DATE '2026-05-04' - (-60 * ln(1 - r1))::int, CASE misura WHEN 'ADI' THEN DATE '2026-05-04' + 120 - (-60 * ln(1 - r1))::int ELSE DATE '9999-12-31' END, 1 + (4 * r2 * r2)::int, (r2 > 0.6)::int, (r3 < 0.17)::int, r2 > 0.6, r3 < 0.17, 'DA_AVVIARE', true, lista,
		r4 < 0.1, CASE lista WHEN 2 THEN encode(('operatore' || lpad((a * 30 + (24 * r2 * r2)::int)::text, 7, '0'))::bytea, 'hex')::uuid ELSE '00000000-0000-0000-0000-000000000000' END,
		CASE lista WHEN 2 THEN TIMESTAMPTZ '2026-05-04' - r1 * INTERVAL '700 days' ELSE '0001-01-01' END, md5(a::text)::uuid,
		CASE lista WHEN 2 THEN 'VERDI ' || (24 * r2 * r2)::int ELSE '' END, CASE lista WHEN 2 THEN 'NERI ' || mod(n, 3) ELSE '' END, 1, n
	FROM (SELECT n, a, 'A' || lpad(a::text, 3, '0') AS ambito, (14 * random() ^ 2)::int AS c, CASE WHEN random() < 0.15 THEN 'RDC' ELSE 'ADI' END AS misura,
			1 + mod(n, 2) AS lista, (400 * random() ^ 2)::int AS s, (600 * random() ^ 2)::int AS k, (150 * random() ^ 2)::int AS m,
			random() AS r1, random() AS r2, random() AS r3, random() AS r4
		FROM (SELECT n, (565 * random() ^ 2)::int AS a FROM generate_series(1, %d) AS n) AS x) AS y;
	INSERT INTO membri (caso, componente, cieco, cognome, nome, relazione, nascita, disabile, uscito)
	SELECT caso, md5(caso::text || k)::uuid, md5(CASE k WHEN 1 THEN codice_fiscale ELSE codice_fiscale || k END)::uuid, cognome, nome || k, CASE k WHEN 1 THEN 'RICHIEDENTE' ELSE 'FIGLIO' END,
		data_presentazione, false, false FROM casi, generate_series(1, numero_componenti) AS k;
	INSERT INTO parole (ambito, campo, parola, caso, presente)
	SELECT DISTINCT ambito, 1, w, caso, true FROM casi, unnest(string_to_array(cerca_nome, ' ')) AS w
	UNION SELECT ambito, 2, w, caso, true FROM casi, unnest(string_to_array(cerca_indirizzo, ' ')) AS w WHERE w !~ '^[0-9]+$';
	INSERT INTO conteggi (lista, ambito, comune, misura, riassegnato, casi) SELECT lista, ambito, comune, misura, riassegnato, count(*) FROM casi GROUP BY 1, 2, 3, 4, 5;
	INSERT INTO cronologia (caso, seq, id_domanda, ambito, comune, evento, da, a, eseguita_da, ruolo, modalita, fondo, motivo, nota, istante)
	SELECT caso, seq, id_domanda, ambito, comune, CASE seq WHEN 1 THEN 'ASSEGNAZIONE' ELSE 'RIASSEGNAZIONE' END, md5((seq - 1)::text)::uuid, md5(seq::text)::uuid, md5('0')::uuid,
		'COORDINATORE_PAIS', 'MANUALE', 'PON', 'cambio di sede', '', TIMESTAMPTZ '2026-01-04' + seq * INTERVAL '1 day'
	FROM casi, generate_series(1, CASE WHEN caso = md5('1')::uuid THEN 20 ELSE 1 END) AS seq WHERE lista = 2;
	INSERT INTO ambiti (codice, denominazione, regione, ente, convenzione_ente, cerca, numero_comuni, autoapprovazione_vietata)
	SELECT 'A' || lpad(a::text, 3, '0'), 'Ambito ' || a, 'Sicilia', 'Ente ' || a, DATE '2025-01-01', 'AMBITO ' || a, 15, false FROM generate_series(0, 565) AS a;
	INSERT INTO comuni (comune, ambito) SELECT 'A' || lpad(a::text, 3, '0') || '-' || c, 'A' || lpad(a::text, 3, '0') FROM generate_series(0, 565) AS a, generate_series(0, 14) AS c;
	INSERT INTO operatori (operatore, codice_fiscale, cognome, nome, cerca_nome, sospeso)
	SELECT encode(('operatore' || lpad(o::text, 7, '0'))::bytea, 'hex')::uuid, 'OP' || lpad(o::text, 14, '0'), 'Verdi', 'Nome' || o, 'VERDI NOME' || o, false FROM generate_series(0, 566 * 30 - 1) AS o;
	INSERT INTO accreditamenti (accreditamento, operatore, ruolo, ambito, livello, fondo, dal, revocato, sospeso, al, ordine)
	SELECT md5('acc' || o)::uuid, encode(('operatore' || lpad(o::text, 7, '0'))::bytea, 'hex')::uuid, CASE WHEN mod(o, 30) < 25 THEN 'CASE_MANAGER' ELSE 'COORDINATORE_PAIS' END,
		'A' || lpad((o / 30)::text, 3, '0'), 'A', 'PON', DATE '2025-01-01', mod(o, 11) = 10, false, CASE mod(o, 11) WHEN 10 THEN TIMESTAMPTZ '2026-01-01' ELSE '0001-01-01' END, 1
	FROM generate_series(0, 566 * 30 - 1) AS o;
	INSERT INTO accreditamento_comune (accreditamento, comune, presente)
	SELECT accreditamento, ambito || '-' || c, true FROM accreditamenti, generate_series(1, 5, 4) AS c WHERE accreditamento::text < '4'`
