// Persistent subscriptions and appends in batches with the official Node.js client;
// the first argument is the node's HOST:PORT. Ends with code 0 and prints "ok" when
// all of it held.
const assert = require("node:assert");
const {
  EventStoreDBClient, jsonEvent, START, NO_STREAM, PARK, RETRY, SKIP,
  persistentSubscriptionToStreamSettingsFromDefaults, persistentSubscriptionToAllSettingsFromDefaults,
  PersistentSubscriptionDoesNotExistError, PersistentSubscriptionExistsError, WrongExpectedVersionError, streamNameFilter,
} = require("@eventstore/db-client");

const event = (n) => jsonEvent({ type: "Contato", data: { n } });

// take answers for events as they come until it has seen so many of them.
const take = (subscription, count, answer) => new Promise((done, fail) => {
  const seen = [];
  subscription.on("error", fail);
  subscription.on("data", async (resolved) => {
    const n = (resolved.event ?? resolved.link).data.n;
    seen.push(n);
    await answer(resolved, n, seen.filter((s) => s === n).length);
    if (seen.length === count) done(seen);
  });
});

async function main() {
  const client = EventStoreDBClient.connectionString(`esdb://${process.argv[2]}?tls=false`);

  // Appends that are all on their way at once.
  const results = await Promise.all([...Array(200).keys()].map((n) => client.appendToStream(`batch-${n % 7}`, [event(n), event(-n)])));
  assert.ok(results.every((r) => r.success && r.position.commit > 0n));
  await client.appendToStream("lavori", [...Array(30).keys()].map(event), { expectedRevision: NO_STREAM });
  await assert.rejects(client.appendToStream("lavori", event(1), { expectedRevision: NO_STREAM }), WrongExpectedVersionError);

  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, maxRetryCount: 3, checkPointLowerBound: 1 });
  await client.createPersistentSubscriptionToStream("lavori", "squadra", settings);
  await assert.rejects(client.createPersistentSubscriptionToStream("lavori", "squadra", settings), PersistentSubscriptionExistsError);
  const squad = client.subscribeToPersistentSubscriptionToStream("lavori", "squadra", { bufferSize: 5 });
  const seen = await take(squad, 32, async (e, n, time) => {
    if (n === 4) return squad.nack(PARK, "aside", e);
    if (n === 9 && time < 3) return squad.nack(RETRY, "again", e);
    if (n === 11) return squad.nack(SKIP, "not ours", e);
    return squad.ack(e);
  });
  assert.equal(seen.filter((n) => n === 9).length, 3);
  assert.equal(new Set(seen).size, 30);
  const about = await client.getPersistentSubscriptionToStreamInfo("lavori", "squadra");
  assert.equal(about.stats.parkedMessageCount, 1n);
  assert.equal(about.connections.length, 1);
  const parked = take(squad, 33 - 32, (e) => squad.ack(e));
  await client.replayParkedMessagesToStream("lavori", "squadra");
  assert.deepEqual(await parked, [4]);
  await squad.unsubscribe();

  await client.createPersistentSubscriptionToAll("tutti", persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }),
    { filter: streamNameFilter({ prefixes: ["batch-"] }) });
  const all = client.subscribeToPersistentSubscriptionToAll("tutti", { bufferSize: 50 });
  assert.equal((await take(all, 400, (e) => all.ack(e))).length, 400);
  await all.unsubscribe();

  assert.equal((await client.listAllPersistentSubscriptions()).length, 2);
  await client.updatePersistentSubscriptionToStream("lavori", "squadra", settings);
  await client.restartPersistentSubscriptionSubsystem();
  await client.deletePersistentSubscriptionToStream("lavori", "squadra");
  await client.deletePersistentSubscriptionToAll("tutti");
  await assert.rejects(client.getPersistentSubscriptionToStreamInfo("lavori", "squadra"), PersistentSubscriptionDoesNotExistError);
  await client.dispose();
  console.log("ok");
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
