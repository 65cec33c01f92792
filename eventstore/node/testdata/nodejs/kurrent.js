// The newer client of the makers, whose core is another program than that of
// @eventstore/db-client; the first argument is the node's HOST:PORT. Ends with code 0
// and prints "ok" when all of it held.
const assert = require("node:assert");
const { KurrentDBClient, jsonEvent, START, END, BACKWARDS, NO_STREAM, WrongExpectedVersionError, StreamNotFoundError } = require("@kurrent/kurrentdb-client");

async function main() {
  const client = KurrentDBClient.connectionString`kurrentdb://${process.argv[2]}?tls=false`;
  const event = (n) => jsonEvent({ type: "Contato", data: { n } });
  const live = client.subscribeToStream("conto", { fromRevision: START });
  const heard = [];
  const enough = new Promise((done, fail) => {
    live.on("data", ({ event }) => { heard.push(event.data.n); if (heard.length === 40) done(); });
    live.on("error", fail);
  });
  let r = await client.appendToStream("conto", event(0), { streamState: NO_STREAM });
  for (let n = 1; n < 40; n++) r = await client.appendToStream("conto", event(n), { streamState: r.nextExpectedRevision });
  await assert.rejects(client.appendToStream("conto", event(0), { streamState: NO_STREAM }), WrongExpectedVersionError);
  const read = async (events) => { const out = []; for await (const e of events) out.push(e.event.data.n); return out; };
  assert.deepEqual(await read(client.readStream("conto")), [...Array(40).keys()]);
  assert.deepEqual(await read(client.readStream("conto", { direction: BACKWARDS, fromRevision: END, maxCount: 2 })), [39, 38]);
  await assert.rejects(read(client.readStream("nessuno")), StreamNotFoundError);
  assert.equal((await read(client.readAll({ fromPosition: START, maxCount: 1000 }))).length, 40);
  await enough;
  assert.deepEqual(heard, [...Array(40).keys()]);
  await live.unsubscribe();
  await client.dispose();
  console.log("ok");
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
