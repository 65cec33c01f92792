// Appends to @event-driven-io/emmett-postgresql, an event store on PostgreSQL, for the benchmark. Arguments: the URL of
// an empty database, the number of clients, the bytes of an event, the events of a stream. For each line on standard
// input, a time in milliseconds, it appends for so long and answers "<appended> <milliseconds>".
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import pg from "pg";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const [url, clients, bytes, perStream] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const pool = new pg.Pool({ connectionString: url, max: clients });
const store = getPostgreSQLEventStore(url, { connectionOptions: { pool, pooled: true } });
await store.schema.migrate();
const data = { text: "x".repeat(bytes - '{"text":""}'.length) };

async function appendUntil(end) {
  let [stream, version, appended] = [`caso-${randomUUID()}`, 0n, 0];
  while (performance.now() < end) {
    if (version === BigInt(perStream)) [stream, version] = [`caso-${randomUUID()}`, 0n];
    const expectedStreamVersion = version === 0n ? "STREAM_DOES_NOT_EXIST" : version;
    await store.appendToStream(stream, [{ type: "CasoAssegnato", data }], { expectedStreamVersion });
    version++;
    appended++;
  }
  return appended;
}

for await (const line of createInterface({ input: process.stdin })) {
  const begun = performance.now();
  const all = await Promise.all(Array.from({ length: clients }, () => appendUntil(begun + Number(line))));
  console.log(all.reduce((a, b) => a + b), performance.now() - begun);
}
await store.close();
await pool.end();
