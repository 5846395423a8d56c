import type { Server as HttpServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createGate, followedBy, type Interceptable, interceptable, precededBy } from "@turnkeep/conformance";
import type { Cache, Store } from "@turnkeep/core/ports";
import { patienceMs } from "@turnkeep/dev-services";
import type { State } from "boardgame.io";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type BoardgameStorage, createBoardgameStorage } from "./storage.js";
import { inMemory } from "./testing/places.js";
import { race } from "./testing/server/race.js";
import { entryOf, newMetadata, stateAfter } from "./testing/storage-suite.js";

const require = createRequire(import.meta.url);
const { Client, LobbyClient } = require("boardgame.io/client") as typeof import("boardgame.io/client");
const { Master } = require("boardgame.io/master") as typeof import("boardgame.io/master");
const { SocketIO } = require("boardgame.io/multiplayer") as typeof import("boardgame.io/multiplayer");
const { Server } = require("boardgame.io/server") as typeof import("boardgame.io/server");

let cache: Interceptable<Cache>;
let store: Interceptable<Store>;
let db: BoardgameStorage;

beforeEach(async () => {
  const stores = inMemory().stores();
  cache = interceptable(stores.cache);
  store = interceptable(stores.store);
  // A client that leaves is read of once more, perhaps after the close.
  db = createBoardgameStorage({ cache: cache.port, store: store.port, onError: () => undefined });
  await db.connect();
});
afterEach(() => db.close());

/** Holds the next read of a page, after it has seen the match. */
function holdRead() {
  const [held, released] = [createGate(), createGate()];
  const hold = async () => {
    held.open();
    await released.opened;
  };
  store.on("readLog", followedBy(hold), 1);
  return { held: held.opened, release: released.open };
}

test("boardgame.io's server: a move that another player makes while a page connects is on that page", async () => {
  const server = Server({ games: [race], db, origins: ["*"] });
  const running = await server.run(0);
  const { port } = (running as unknown as { appServer: HttpServer }).appServer.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const lobby = new LobbyClient({ server: address });
  const { matchID } = await lobby.createMatch("race", { numPlayers: 2 });
  const enter = async (playerID: string) => {
    const { playerCredentials: credentials } = await lobby.joinMatch("race", matchID, {
      playerID,
      playerName: playerID,
    });
    const multiplayer = SocketIO({ server: address });
    return Client({ game: race, matchID, playerID, credentials, multiplayer, debug: false });
  };
  const [one, two] = [await enter("0"), await enter("1")];
  const steps = (client: typeof one) => client.getState()?.G.steps;
  const poll = { timeout: patienceMs, interval: 5 };
  try {
    one.start();
    await vi.waitFor(() => expect(steps(one)).toEqual([]), poll);
    const { held, release } = holdRead();
    two.start();
    await held;
    const written = createGate();
    cache.on(
      "write",
      followedBy(async () => written.open()),
    );
    one.moves.step?.();
    await written.opened;
    release();
    await vi.waitFor(() => expect(steps(two)).toEqual(["0"]), poll);
  } finally {
    for (const client of [one, two]) client.stop();
    server.kill(running);
  }
});

/** What boardgame.io's server does with a page's `sync` and with another player's move. */
class Pages {
  readonly #pages = new Set<(state: State) => void>();

  async connect(matchID: string, page: (state: State) => void): Promise<void> {
    const send = ({ args }: { args: unknown[] }) => page((args[1] as { state: State }).state);
    const transport = { send, sendAll: () => undefined } as unknown as ConstructorParameters<typeof Master>[2];
    await new Master(race, db, transport).onSync(matchID, null, undefined, 2);
    this.#pages.add(page);
  }

  move(matchID: string, moves: number): Promise<void> {
    const state = stateAfter(moves);
    for (const page of this.#pages) page(state);
    return db.setState(matchID, state, [entryOf(moves - 1)]);
  }
}

test("no move comes between a page's answer and its first update, whenever it is made", async () => {
  const late: number[] = [];
  for (let steps = 0; steps < 60; steps++) {
    const [matchID, open, { held, release }] = [`m${steps}`, new Pages(), holdRead()];
    await db.createMatch(matchID, { initialState: stateAfter(0), metadata: newMetadata() });
    let shown = -1;
    const connected = open.connect(matchID, ({ _stateID }) => {
      shown = _stateID;
    });
    await held;
    release();
    for (let step = 0; step < steps; step++) await undefined;
    await Promise.all([connected, open.move(matchID, 1)]);
    if (shown !== 1) late.push(steps);
  }
  expect(late).toEqual([]);
});

test("a page that connects while a move is under way reads after that move", async () => {
  await db.createMatch("m", { initialState: stateAfter(0), metadata: newMetadata() });
  const open = new Pages();
  const done: string[] = [];
  // So many turns of the event loop that a read which does not wait comes first.
  const late = async () => {
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    done.push("moved");
  };
  cache.on("write", followedBy(late));
  store.on(
    "readLog",
    precededBy(async () => done.push("read")),
  );
  const moving = open.move("m", 1);
  const shown: number[] = [];
  await open.connect("m", ({ _stateID }) => shown.push(_stateID));
  await moving;
  expect(shown).toEqual([1]);
  expect(done[0]).toBe("moved");
});

test("a page gets its answer also while the match never rests", async () => {
  await db.createMatch("m", { initialState: stateAfter(0), metadata: newMetadata() });
  const open = new Pages();
  let moves = 0;
  store.on(
    "readLog",
    followedBy(async () => open.move("m", ++moves)),
  );
  let shown = -1;
  await open.connect("m", ({ _stateID }) => {
    shown = _stateID;
  });
  expect(moves).toBeGreaterThan(1);
  expect(shown).toBeGreaterThan(0);
  await open.move("m", moves + 1);
  expect(shown).toBe(moves + 1);
});
