import { facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { openWorld } from "../test/support/world.js";
import { LoadLimiter } from "./load-limiter.js";

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A limiter, and a question that is answered when the test says so. */
function scene(atOnce: number) {
  const runtime = createVirtualRuntime();
  const limiter = new LoadLimiter(runtime, atOnce, 5_000);
  const ends: ((fails: boolean) => void)[] = [];
  const ask = () =>
    new Promise<string>((resolve, reject) =>
      ends.push((fails) => (fails ? reject(new Error("it failed")) : resolve("done"))),
    );
  return { runtime, limiter, ends, ask };
}

test("so many loads are at the store at once; the others come as those end, also by a failure", async () => {
  const { limiter, ends, ask } = scene(2);
  const loads = Array.from({ length: 5 }, () => limiter.admit(ask, undefined).catch(String));
  for (const [atOnce, fails] of [
    [2, true],
    [3, false],
    [4, true],
  ] as const) {
    await tick();
    expect(ends).toHaveLength(atOnce);
    ends[atOnce - 2]?.(fails);
  }
  await tick();
  for (const end of ends) end(false);
  expect(await Promise.all(loads)).toEqual(["Error: it failed", "done", "Error: it failed", "done", "done"]);
});

test("loads learn whether they had to wait, and come in the order in which they were asked for", async () => {
  const { limiter, ends, ask } = scene(1);
  const seen: string[] = [];
  const load = (name: string) =>
    limiter.admit((waited) => {
      seen.push(`${name}${waited ? " waited" : ""}`);
      return ask();
    }, undefined);
  const loads = ["a", "b", "c", "d"].map(load);
  expect(limiter.isFree).toBe(false);
  for (let n = 0; n < loads.length; n++) {
    await tick();
    ends[n]?.(false);
  }
  await Promise.all(loads);
  expect(seen).toEqual(["a", "b waited", "c waited", "d waited"]);
  expect(limiter.isFree).toBe(true);
});

test("a load whose signal fires while it waits leaves at once, and keeps no other from going on", async () => {
  const { limiter, ends, ask } = scene(1);
  const first = limiter.admit(ask, undefined);
  const controller = new AbortController();
  const second = limiter.admit(ask, controller.signal);
  const third = limiter.admit(async () => "asked", undefined);
  controller.abort();
  await expect(second).rejects.toMatchObject({ code: "Aborted", details: { fate: "notDone" } });
  await expect(limiter.admit(ask, controller.signal)).rejects.toMatchObject({ code: "Aborted" });
  ends[0]?.(false);
  await first;
  expect(await third).toBe("asked");
  expect(ends).toHaveLength(1);
});

test("a load that is not through in its time fails, asks nothing later, and keeps no other from going on", async () => {
  const { runtime, limiter, ends, ask } = scene(1);
  const loads = [ask, ask, ask].map((each) => limiter.admit(each, undefined));
  const busy = { code: "StoreUnavailable", details: { fate: "notDone", reason: "busy" } };
  const all = Promise.all(loads.map((load) => expect(load).rejects.toMatchObject(busy)));
  await runtime.advance(4_999);
  const next = limiter.admit(async () => "asked", undefined);
  await runtime.advance(1);
  await all;
  ends[0]?.(false);
  expect(await next).toBe("asked");
  expect(ends).toHaveLength(1);
});

test("servers that load the same games at once do not spoil each other's loads while they wait in the queue", async () => {
  const world = await openWorld();
  const servers = await Promise.all([1, 2, 3].map(() => world.server({ loadsAtOnce: 1 })));
  const games = await Promise.all(Array.from({ length: 30 }, () => world.create(newCounter())));
  world.failover();
  // Each server's clients come in an order of their own.
  const loads = servers.flatMap(({ manager }, n) =>
    [...games.slice(10 * n), ...games.slice(0, 10 * n)].map(({ state }) => manager.loadState(state.gameId)),
  );
  expect((await Promise.all(loads)).every((game) => game?.stale === false)).toBe(true);
  const asked = servers.flatMap(({ store }) => store.calls.filter((operation) => operation === "load"));
  // Where two come to the same game in the same moment, one of them asks in vain.
  expect(asked.length).toBeLessThan(1.5 * games.length);
  await world.close();
});

test("after a failover every copy is unverified: the store is asked for a few games at a time, and none is lost", async () => {
  const world = await openWorld();
  let [atStore, most] = [0, 0];
  const { manager, store } = await world.server({ loadsAtOnce: 3 });
  const ids: string[] = [];
  for (let n = 0; n < 200; n++) {
    const { gameId } = (await manager.createGame(newCounter(), facts)).state;
    await manager.update(gameId, move("kept"));
    ids.push(gameId);
  }
  world.failover();
  store.on("load", async (call) => {
    atStore += 1;
    most = Math.max(most, atStore);
    await tick();
    return call().finally(() => {
      atStore -= 1;
    });
  });
  const loaded = await Promise.all(ids.map((gameId) => manager.loadState(gameId)));
  expect(loaded.map((game) => game?.state.moves)).toEqual(ids.map(() => ["kept"]));
  expect(most).toBe(3);
  expect(store.calls.filter((operation) => operation === "load")).toHaveLength(200);
  await world.close();
});
