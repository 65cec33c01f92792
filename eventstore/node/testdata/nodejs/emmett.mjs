// A small application on @event-driven-io/emmett, which knows nothing of this node:
// it appends, aggregates and reads through EventStoreDB's adapter. The first argument
// is the node's HOST:PORT. Ends with code 0 and prints "ok" when all of it held.
import assert from "node:assert";
import { EventStoreDBClient } from "@eventstore/db-client";
import { getEventStoreDBEventStore } from "@event-driven-io/emmett-esdb";
import { CommandHandler, IllegalStateError, STREAM_DOES_NOT_EXIST } from "@event-driven-io/emmett";

const evolve = (cart, { type, data }) => {
  switch (type) {
    case "ProductItemAdded": return { ...cart, items: cart.items + data.quantity };
    case "ShoppingCartConfirmed": return { ...cart, confirmed: true };
    default: return cart;
  }
};
const initialState = () => ({ items: 0, confirmed: false });
const add = (quantity) => (cart) => {
  if (cart.confirmed) throw new IllegalStateError("confirmed carts take nothing more");
  return { type: "ProductItemAdded", data: { quantity }, metadata: { by: "test" } };
};

// The adapter carries its own copy of the library's errors: they are told by code.
const isConflict = (e) => e.errorCode === 412;

async function main() {
  const client = EventStoreDBClient.connectionString(`esdb://${process.argv[2]}?tls=false`);
  const store = getEventStoreDBEventStore(client);
  const handle = CommandHandler({ evolve, initialState });

  for (let n = 1; n <= 20; n++) {
    const r = await handle(store, "cart-1", add(n));
    assert.equal(r.newState.items, (n * (n + 1)) / 2);
    assert.equal(r.nextExpectedStreamVersion, BigInt(n - 1));
  }
  await handle(store, "cart-1", () => ({ type: "ShoppingCartConfirmed", data: {} }));
  await assert.rejects(handle(store, "cart-1", add(1)), IllegalStateError);

  const { state, currentStreamVersion, streamExists } = await store.aggregateStream("cart-1", { evolve, initialState });
  assert.deepEqual([state, currentStreamVersion, streamExists], [{ items: 210, confirmed: true }, 20n, true]);
  assert.equal((await store.readStream("cart-1")).events.length, 21);
  assert.equal((await store.readStream("nobody")).streamExists, false);
  assert.equal((await store.aggregateStream("nobody", { evolve, initialState })).state.items, 0);

  const one = { type: "ProductItemAdded", data: { quantity: 1 } };
  await store.appendToStream("cart-2", [one], { expectedStreamVersion: STREAM_DOES_NOT_EXIST });
  await assert.rejects(store.appendToStream("cart-2", [one], { expectedStreamVersion: STREAM_DOES_NOT_EXIST }), isConflict);

  // Many that change one cart at once: each change once, by those who try again.
  const racing = await Promise.all([...Array(8).keys()].map(async () => {
    for (let tries = 0; tries < 100; tries++) {
      try { return await handle(store, "cart-3", add(1)); } catch (e) {
        if (!isConflict(e)) throw e;
      }
    }
    throw new Error("never appended");
  }));
  assert.equal(racing.length, 8);
  assert.equal((await store.aggregateStream("cart-3", { evolve, initialState })).state.items, 8);
  await client.dispose();
  console.log("ok");
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
