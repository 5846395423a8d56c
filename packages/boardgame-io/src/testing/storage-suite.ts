import type { Cache } from "@turnkeep/core/ports";
import type { LogEntry, Server, State } from "boardgame.io";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BoardgameStorage, createBoardgameStorage } from "../storage.js";
import type { OnError } from "../until-answered.js";
import type { Place } from "./places.js";

/** A state as boardgame.io has it, after so many moves. */
export function stateAfter(moves: number, { turn = 0, gameover }: { turn?: number; gameover?: unknown } = {}): State {
  const ctx = { numPlayers: 2, turn, currentPlayer: "0", phase: null, ...(gameover === undefined ? {} : { gameover }) };
  return { G: { moves }, ctx, plugins: {}, _undo: [], _redo: [], _stateID: moves } as unknown as State;
}

export function entryOf(move: number): LogEntry {
  const action = { type: "MAKE_MOVE", payload: { type: "move", playerID: "0", args: [move] } };
  return { action, _stateID: move, turn: 0, phase: "" } as unknown as LogEntry;
}

export function newMetadata(updatedAt = 1): Server.MatchData {
  return { gameName: "chess", players: { 0: { id: 0 }, 1: { id: 1 } }, createdAt: 1, updatedAt };
}

const everything = { state: true, metadata: true, log: true, initialState: true } as const;

/** What a server may rely on, on any cache and store. */
export function storageSuite(newPlace: () => Place): void {
  let place: Place;
  const open: BoardgameStorage[] = [];
  const errors: unknown[] = [];
  const onError: OnError = (error) => errors.push(error);
  const server = async (through: (cache: Cache) => Cache = (cache) => cache): Promise<BoardgameStorage> => {
    const { cache, store } = place.stores();
    const storage = createBoardgameStorage({ cache: through(cache), store, onError });
    await storage.connect();
    open.push(storage);
    return storage;
  };
  const created = async (matchID: string): Promise<BoardgameStorage> => {
    const db = await server();
    await db.createMatch(matchID, { initialState: stateAfter(0), metadata: newMetadata() });
    return db;
  };
  beforeEach(() => {
    place = newPlace();
    errors.length = 0;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((storage) => storage.close()));
  });

  describe("fetch", () => {
    test("gives each part that is asked for and no other, and objects that may be changed", async () => {
      const db = await created("V1StGXR8_Z5");
      await db.setState("V1StGXR8_Z5", stateAfter(1), [entryOf(0)]);
      const parts = {
        state: stateAfter(1),
        metadata: newMetadata(),
        log: [entryOf(0)],
        initialState: stateAfter(0),
      };
      for (const [name, value] of Object.entries(parts)) {
        const fetched: object = await db.fetch("V1StGXR8_Z5", { [name]: true });
        expect(fetched).toEqual({ [name]: value });
      }
      const fetched = await db.fetch("V1StGXR8_Z5", everything);
      expect(fetched).toEqual(parts);
      fetched.state.G.moves = 99;
      fetched.metadata.players[0] = { id: 7 };
      fetched.log.pop();
      expect(await db.fetch("V1StGXR8_Z5", everything)).toEqual(parts);
      expect(await db.fetch("another", everything)).toEqual({});
      expect(errors).toEqual([]);
    });

    test("another server sees each change at once", async () => {
      const [one, two] = [await created("m"), await server()];
      for (let move = 1; move <= 3; move++) {
        await one.setState("m", stateAfter(move, { turn: move }), [entryOf(move - 1)]);
        expect((await two.fetch("m", { state: true })).state).toEqual(stateAfter(move, { turn: move }));
      }
      expect((await two.fetch("m", { log: true })).log).toEqual([0, 1, 2].map(entryOf));
    });

    test("any text that can be printed names a match, and anything else names none", async () => {
      const names = [
        "default",
        "5b0c2f4e-d0a1-4f0c-9f6a-6d2d0d6c7a11",
        "A",
        "a",
        "späte Partie: 3/4 👩‍👩‍👧",
        "__proto__",
      ];
      const db = await server();
      for (const name of names) {
        await db.createMatch(name, { initialState: stateAfter(names.indexOf(name)), metadata: newMetadata() });
      }
      for (const name of names) {
        expect((await db.fetch(name, { state: true })).state?._stateID).toBe(names.indexOf(name));
      }
      expect((await db.listMatches()).toSorted()).toEqual(names.toSorted());
      expect(errors).toEqual([]);
      for (const odd of ["", "a\0", "x".repeat(1_000), null, 3, { a: 1 }] as string[]) {
        await db.createMatch(odd, { initialState: stateAfter(0), metadata: newMetadata() });
        expect(await db.fetch(odd, everything)).toEqual({});
        await db.wipe(odd);
      }
      expect(errors).toHaveLength(6);
    });
  });

  describe("setState", () => {
    test("an older state, and another one of the same id, are ignored with their log", async () => {
      const [one, two] = [await created("m"), await server()];
      await one.setState("m", stateAfter(2), [entryOf(1)]);
      await two.setState("m", stateAfter(1), [entryOf(0)]);
      await two.setState("m", { ...stateAfter(2), G: "of another server" }, [entryOf(1)]);
      expect(await two.fetch("m", everything)).toMatchObject({ state: stateAfter(2), log: [entryOf(1)] });
      expect(errors).toEqual([]);
    });

    test("a state may be null or lack its id, and what JSON drops is dropped", async () => {
      const db = await server();
      await db.setState("m", null as unknown as State, [entryOf(0)]);
      expect(await db.fetch("m", everything)).toEqual({ state: null, log: [entryOf(0)] });
      await db.setState("m", { G: { speed: -0, target: undefined, seen: [undefined] } } as unknown as State);
      expect((await db.fetch("m", { state: true })).state).toEqual({ G: { speed: 0, seen: [null] } });
      await db.setState("m", stateAfter(1));
      expect((await db.fetch("m", { state: true })).state).toEqual(stateAfter(1));
    });

    test("what cannot be kept is reported and done without, and the match goes on", async () => {
      const db = await created("m");
      await db.setState("m", { ...stateAfter(1), G: { hp: Number.NaN } });
      expect(errors).toMatchObject([{ code: "InvalidState", details: { reason: "number", path: "$.G.hp" } }]);
      await db.setState("m", { ...stateAfter(1), G: "x".repeat(2_000_000) }, [entryOf(0)]);
      expect(errors).toMatchObject([{ code: "InvalidState" }, { code: "StateTooLarge" }]);
      await db.setState("m", stateAfter(1), [entryOf(0)]);
      expect(await db.fetch("m", everything)).toMatchObject({ state: stateAfter(1), log: [entryOf(0)] });
    });

    test("two servers write at once, 1,000 times, and nothing is lost", async () => {
      const [one, two] = [await created("m"), await server()];
      const metadata = (await two.fetch("m", { metadata: true })).metadata;
      for (let pair = 1; pair <= 1_000; pair++) {
        metadata.updatedAt = pair;
        await Promise.all([one.setState("m", stateAfter(pair), [entryOf(pair - 1)]), two.setMetadata("m", metadata)]);
      }
      const { state, log, metadata: kept } = await one.fetch("m", everything);
      expect([state._stateID, kept.updatedAt]).toEqual([1_000, 1_000]);
      expect(log.map(({ _stateID }) => _stateID)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
      expect(errors).toEqual([]);
    });

    test("a move costs two round trips to the cache, and writes its own log entry alone", async () => {
      const calls: string[] = [];
      const entries: number[] = [];
      const counted = (cache: Cache): Cache =>
        new Proxy(cache, {
          get(port, name) {
            const member: unknown = Reflect.get(port, name);
            if (typeof member !== "function") return member;
            return (...args: unknown[]) => {
              calls.push(String(name));
              if (name === "write") entries.push((args[1] as { entries: unknown[] }).entries.length);
              return member.apply(port, args);
            };
          },
        });
      await created("m");
      const db = await server(counted);
      await db.fetch("m", { metadata: true });
      for (let move = 1; move <= 20; move++) {
        calls.length = 0;
        await moveAs(db, "m", move);
        // The flusher's own calls are no part of a move.
        expect(calls.filter((name) => !["claim", "ack", "backlog"].includes(name))).toEqual(["read", "write"]);
      }
      expect(entries).toEqual(Array.from({ length: 20 }, () => 1));
      expect((await db.fetch("m", everything)).log).toHaveLength(20);
    });
  });

  describe("setMetadata", () => {
    test("two joins at once keep both seats, and connections beside them", async () => {
      const [one, two] = [await created("m"), await server()];
      const [forAlice, forBob] = [await one.fetch("m", { metadata: true }), await two.fetch("m", { metadata: true })];
      const connecting = await two.fetch("m", { metadata: true });
      Object.assign(forAlice.metadata.players[0] ?? {}, { name: "Alice", credentials: "a" });
      Object.assign(forBob.metadata.players[1] ?? {}, { name: "Bob", credentials: "b", data: { elo: 1_000 } });
      Object.assign(connecting.metadata.players[0] ?? {}, { isConnected: true });
      await Promise.all([
        one.setMetadata("m", forAlice.metadata),
        two.setMetadata("m", forBob.metadata),
        two.setMetadata("m", { ...connecting.metadata, updatedAt: 5 }),
      ]);
      expect((await one.fetch("m", { metadata: true })).metadata).toEqual({
        ...newMetadata(5),
        players: {
          0: { id: 0, name: "Alice", credentials: "a", isConnected: true },
          1: { id: 1, name: "Bob", credentials: "b", data: { elo: 1_000 } },
        },
      });
      const leaving = (await one.fetch("m", { metadata: true })).metadata;
      delete leaving.players[1]?.name;
      delete leaving.players[1]?.credentials;
      await one.setMetadata("m", leaving);
      expect((await two.fetch("m", { metadata: true })).metadata).toEqual(leaving);
    });

    test("of two who join one seat at once, one has it, and the other learns that it is taken", async () => {
      const [one, two] = [await created("m"), await server()];
      const both = [await one.fetch("m", { metadata: true }), await two.fetch("m", { metadata: true })];
      const joins = both.map(({ metadata }, n) => {
        Object.assign(metadata.players[0] ?? {}, { name: `player ${n}`, credentials: `secret ${n}` });
        return (n === 0 ? one : two).setMetadata("m", metadata);
      });
      const results = await Promise.allSettled(joins);
      const refused = results.filter(({ status }) => status === "rejected");
      expect(refused).toMatchObject([{ reason: { status: 409, expose: true } }]);
      const winner = results.findIndex(({ status }) => status === "fulfilled");
      const { metadata } = await one.fetch("m", { metadata: true });
      expect(metadata.players[0]).toMatchObject({ credentials: `secret ${winner}` });
    });

    test("is kept verbatim, and changes no state", async () => {
      const db = await created("m");
      await db.setState("m", stateAfter(3));
      const odd = { ...newMetadata(7), unlisted: true, setupData: { a: [1, { b: null }] }, gameover: null };
      await db.setMetadata("m", odd);
      expect(await db.fetch("m", everything)).toMatchObject({ state: stateAfter(3), metadata: odd });
      await db.setMetadata("m", { a: 1 } as unknown as Server.MatchData);
      expect((await db.fetch("m", { metadata: true })).metadata).toEqual({ a: 1 });
    });
  });

  describe("the end", () => {
    const gameover = { winner: "1" };
    const finish = async (db: BoardgameStorage): Promise<void> => {
      await db.setState("m", stateAfter(1), [entryOf(0)]);
      const { metadata } = await db.fetch("m", { metadata: true });
      const last = { ...metadata, updatedAt: 9, gameover };
      await Promise.all([db.setState("m", stateAfter(2, { gameover }), [entryOf(1)]), db.setMetadata("m", last)]);
    };

    test("a finished match is in history with its log, and reads as before", async () => {
      const db = await created("m");
      await finish(db);
      const { store } = place.stores();
      await store.start();
      const { items } = await store.listHistory("match:m", {});
      expect(items).toMatchObject([{ incomplete: false, outcome: { endReason: "gameover", winnerIds: ["1"] } }]);
      expect(await store.countActive()).toBe(0);
      await store.close();
      for (const reader of [db, await server()]) {
        expect(await reader.fetch("m", everything)).toEqual({
          state: stateAfter(2, { gameover }),
          metadata: { ...newMetadata(9), gameover },
          log: [entryOf(0), entryOf(1)],
          initialState: stateAfter(0),
        });
        expect(await reader.listMatches({ gameName: "chess", where: { isGameover: true } })).toEqual(["m"]);
        expect(await reader.listMatches({ gameName: "chess", where: { isGameover: false } })).toEqual([]);
        expect(await reader.listMatches({ where: { updatedAfter: 8, updatedBefore: 10 } })).toEqual(["m"]);
        expect(await reader.listMatches({ where: { updatedAfter: 9 } })).toEqual([]);
        expect(await reader.listMatches({ where: { updatedBefore: 9 } })).toEqual([]);
      }
    });

    test("its metadata still changes: who disconnects, which match comes next", async () => {
      const [one, two] = [await created("m"), await server()];
      await finish(one);
      const [forNext, leaving] = [await one.fetch("m", { metadata: true }), await two.fetch("m", { metadata: true })];
      forNext.metadata.nextMatchID = "n";
      Object.assign(leaving.metadata.players[0] ?? {}, { isConnected: false });
      await Promise.all([one.setMetadata("m", forNext.metadata), two.setMetadata("m", leaving.metadata)]);
      await two.setState("m", stateAfter(3), [entryOf(2)]);
      expect(await (await server()).fetch("m", everything)).toMatchObject({
        state: stateAfter(2, { gameover }),
        metadata: { nextMatchID: "n", gameover, players: { 0: { isConnected: false } } },
        log: [entryOf(0), entryOf(1)],
      });
      expect(errors).toEqual([]);
    });

    test.each(["played", "finished", "finished and changed since"])(
      "a match that is %s is wiped, once",
      async (how) => {
        const [db, other] = [await created("m"), await server()];
        if (how !== "played") await finish(db);
        const { metadata } = await db.fetch("m", { metadata: true });
        if (how === "finished and changed since") await db.setMetadata("m", { ...metadata, nextMatchID: "n" });
        await other.fetch("m", everything);
        await Promise.all([db.wipe("m"), other.wipe("m")]);
        await db.wipe("m");
        for (const reader of [db, other]) {
          expect(await reader.fetch("m", everything)).toEqual({});
          expect(await reader.listMatches()).toEqual([]);
          expect(await reader.listMatches({ where: { updatedAfter: 0 } })).toEqual([]);
        }
        // A move that was under way, and metadata that was read before, do not bring it back.
        await Promise.all([other.setState("m", stateAfter(5)), db.setMetadata("m", { ...metadata, updatedAt: 20 })]);
        expect(await db.fetch("m", everything)).toEqual({});
        // Its id may be used again, by a client that syncs with a match that it expects.
        await other.createMatch("m", { initialState: stateAfter(0), metadata: newMetadata(30) });
        await db.setState("m", stateAfter(1), [entryOf(0)]);
        expect(await (await server()).fetch("m", everything)).toMatchObject({
          state: stateAfter(1),
          metadata: newMetadata(30),
          log: [entryOf(0)],
        });
        expect(await db.listMatches()).toEqual(["m"]);
        expect(errors).toEqual([]);
      },
    );

    test("a match that is created twice at once is one match", async () => {
      const [one, two] = [await server(), await server()];
      const create = (db: BoardgameStorage, updatedAt: number) =>
        db.createMatch("m", { initialState: stateAfter(0), metadata: newMetadata(updatedAt) });
      await Promise.all([create(one, 1), create(two, 2)]);
      await one.setState("m", stateAfter(1), [entryOf(0)]);
      await create(two, 3);
      const fetched = await two.fetch("m", everything);
      expect(fetched).toMatchObject({ state: stateAfter(1), log: [entryOf(0)] });
      expect(fetched.metadata.updatedAt).toBeLessThan(3);
    });
  });
}

/** As boardgame.io's master makes a move. */
export async function moveAs(db: BoardgameStorage, matchID: string, move: number): Promise<void> {
  const { metadata } = await db.fetch(matchID, { metadata: true });
  await Promise.resolve();
  const { state } = await db.fetch(matchID, { state: true });
  expect(state._stateID).toBe(move - 1);
  await Promise.all([
    db.setState(matchID, stateAfter(move), [entryOf(move - 1)]),
    db.setMetadata(matchID, { ...metadata, updatedAt: move }),
  ]);
}
