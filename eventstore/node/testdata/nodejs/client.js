// Appends, reads and subscribes with the official Node.js client; the first argument
// is the node's HOST:PORT. Ends with code 0 and prints "ok" when all of it held.
const assert = require("node:assert");
const {
  EventStoreDBClient, jsonEvent, START, FORWARDS, BACKWARDS, END, NO_STREAM,
  WrongExpectedVersionError, StreamNotFoundError, StreamDeletedError, streamNameFilter, excludeSystemEvents,
} = require("@eventstore/db-client");

async function main() {
  const client = EventStoreDBClient.connectionString(`esdb://${process.argv[2]}?tls=false`);
  const event = (n) => jsonEvent({ type: "Contato", data: { n }, metadata: { m: n } });

  const live = client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: ["conto-"], checkpointInterval: 1 }) });
  const heard = [];
  const enough = new Promise((done, fail) => {
    live.on("data", ({ event }) => { heard.push(event.data.n); if (heard.length === 50) done(); });
    live.on("error", fail);
  });

  let r = await client.appendToStream("conto-1", [event(0), event(1)], { expectedRevision: NO_STREAM });
  assert.equal(r.nextExpectedRevision, 1n);
  for (let n = 2; n < 50; n++) {
    r = await client.appendToStream("conto-1", event(n), { expectedRevision: BigInt(n - 1) });
    await client.appendToStream("altro", event(n));
  }
  assert.equal(r.nextExpectedRevision, 49n);
  assert.ok(r.position.commit > 0n);
  await assert.rejects(client.appendToStream("conto-1", event(9), { expectedRevision: 3n }), WrongExpectedVersionError);

  const read = async (events) => { const out = []; for await (const e of events) out.push(Number(e.event.revision)); return out; };
  assert.deepEqual(await read(client.readStream("conto-1", { direction: FORWARDS, fromRevision: 47n })), [47, 48, 49]);
  assert.deepEqual(await read(client.readStream("conto-1", { direction: BACKWARDS, fromRevision: END, maxCount: 2 })), [49, 48]);
  await assert.rejects(read(client.readStream("nessuno")), StreamNotFoundError);
  assert.equal((await read(client.readAll({ direction: FORWARDS, fromPosition: START, maxCount: 1000 }))).length, 98);
  assert.equal((await read(client.readAll({ direction: FORWARDS, fromPosition: START, filter: excludeSystemEvents() }))).length, 98);

  await enough;
  assert.deepEqual(heard, [...Array(50).keys()]);
  await live.unsubscribe();

  await client.setStreamMetadata("conto-1", { maxCount: 2 });
  assert.deepEqual(await read(client.readStream("conto-1")), [48, 49]);
  assert.equal((await client.getStreamMetadata("conto-1")).metadata.maxCount, 2);
  await client.deleteStream("altro");
  await assert.rejects(read(client.readStream("altro")), StreamNotFoundError);
  await client.tombstoneStream("altro");
  await assert.rejects(read(client.readStream("altro")), StreamDeletedError);
  await assert.rejects(client.appendToStream("altro", event(1)), StreamDeletedError);
  await client.dispose();
  console.log("ok");
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
