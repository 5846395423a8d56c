import { facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { expect, test } from "vitest";
import { openWorld } from "../test/support/world.js";
import { LoadGate } from "./load-limiter.js";

const tick = () => new Promise((resolve) => setImmediate(resolve));

test("so many loads are at the store at once; the others come as room is made, also after a failure", async () => {
  const gate = new LoadGate(2, 5_000);
  const ends: ((fails: boolean) => void)[] = [];
  const ask = () =>
    new Promise<string>((resolve, reject) =>
      ends.push((fails) => (fails ? reject(new Error("it failed")) : resolve("done"))),
    );
  const loads = Array.from({ length: 5 }, () => gate.admit(ask, undefined).catch(String));
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

test("a load whose signal fires while it waits leaves at once, and keeps nobody from going on", async () => {
  const gate = new LoadGate(1, 5_000);
  let end = () => {};
  const first = gate.admit(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
    undefined,
  );
  const giving = new AbortController();
  const second = gate.admit(async () => "asked", giving.signal);
  const third = gate.admit(async () => "asked", undefined);
  giving.abort();
  await expect(second).rejects.toMatchObject({ code: "Aborted", details: { fate: "notDone" } });
  end();
  await first;
  expect(await third).toBe("asked");
});

test("a load that does not come in its time is told so, asks nothing later, and keeps nobody from going on", async () => {
  const gate = new LoadGate(1, 50);
  let end = () => {};
  const first = gate.admit(() => new Promise<void>((resolve) => (end = resolve)), undefined);
  let asked = 0;
  const ask = async () => {
    asked += 1;
  };
  const busy = { code: "StoreUnavailable", details: { fate: "notDone", reason: "busy" } };
  const late = [gate.admit(ask, undefined), gate.admit(ask, undefined)].map((load) =>
    expect(load).rejects.toMatchObject(busy),
  );
  await Promise.all([...late, expect(first).rejects.toMatchObject(busy)]);
  const next = gate.admit(async () => "asked", undefined);
  end();
  expect(await next).toBe("asked");
  expect(asked).toBe(0);
});

test("servers that load the same games at once do not spoil each other's loads while they wait for room", async () => {
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
