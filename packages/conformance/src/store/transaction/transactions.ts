import type { Store, StoreCallOptions } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { createGate } from "../../chaos/gate.js";
import { newGameId, newGameOf, newWriteId, nextOf, outcome, sealedOf } from "../../fixtures.js";
import { afterWrites, createGame, flushed, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

class ChangedMind extends Error {}

type Change<Tx> = (store: Store<Tx>, options: StoreCallOptions<Tx> & { transaction: Tx }) => Promise<unknown>;

export function transactionTests<Tx>(bench: () => StoreBench<Tx>): void {
  /** Does it in a transaction that then rolls back. */
  async function undone(work: Change<Tx>): Promise<void> {
    const { store, hooks } = bench();
    const transaction = hooks.transaction(async (transaction) => {
      await work(store, { transaction });
      throw new ChangedMind("no");
    });
    await expect(transaction).rejects.toThrow(ChangedMind);
  }

  describe("the caller's transaction", () => {
    test("shows its changes to itself alone until it commits", async () => {
      const { store, other, hooks } = bench();
      const gameId = newGameId();
      await hooks.transaction(async (transaction) => {
        expect(await store.create(newGameOf(gameId), { transaction })).toMatchObject({ kind: "created" });
        const reply = await store.read(gameId, { transaction });
        if (reply.kind !== "row") throw new Error("a transaction sees what it did");
        expect(await store.flush([afterWrites(reply.game, 2)], { transaction })).toMatchObject([{ kind: "written" }]);
        expect(await store.readLog(gameId, { from: 1, limit: 5 }, { transaction })).toHaveLength(2);
        expect(await store.status(gameId, { transaction })).toBe("live");
        expect(await other.status(gameId)).toBe("missing");
        expect(await store.status(gameId)).toBe("missing");
      });
      expect(await readGame(other, gameId)).toMatchObject({ status: "live", logCount: 2 });
      expect(await other.readLog(gameId, { from: 1, limit: 5 })).toHaveLength(2);
    });

    test("commits all that was done in it, of several games, together", async () => {
      const { store, other, hooks } = bench();
      const [won, dropped] = [await createGame(store), await createGame(store)];
      await hooks.transaction(async (transaction) => {
        expect(await store.archive({ copy: sealedOf(won) }, { transaction })).toMatchObject({ kind: "archived" });
        expect(await store.remove(dropped.gameId, { transaction })).toBe("live");
        expect(await store.findHistory(won.gameId, { transaction })).toMatchObject({ outcome });
        expect(await other.status(won.gameId)).toBe("live");
      });
      expect(await other.status(won.gameId)).toBe("archived");
      expect(await other.status(dropped.gameId)).toBe("deleted");
    });

    test("that rolls back leaves no game it created", async () => {
      const { other } = bench();
      const [gameId, lost] = [newGameId(), newGameId()];
      const { gameType, playerIds, npcId, rules, rulesVersion } = newGameOf(lost);
      const facts = { gameType, playerIds, npcId, rules, rulesVersion };
      await undone(async (store, options) => {
        await store.create(newGameOf(gameId), options);
        await store.archiveIncomplete({ gameId: lost, ...facts, outcome, state: null, turnCount: 1 }, options);
      });
      expect(await other.status(gameId)).toBe("missing");
      expect(await other.status(lost)).toBe("missing");
      expect(await other.findHistory(lost)).toBeNull();
      expect(await other.create(newGameOf(gameId))).toMatchObject({ kind: "created" });
    });

    const changes: Record<string, (gameId: string) => Change<Tx>> = {
      load: (gameId) => (store, options) => store.load(gameId, options),
      flush: (gameId) => async (store, options) => {
        const reply = await store.read(gameId, options);
        if (reply.kind === "row") await store.flush([nextOf(reply.game)], options);
      },
      overwrite: (gameId) => async (store, options) => {
        const state = '{"never":true}';
        const request = {
          gameId,
          baseRevision: "3",
          state,
          schemaVersion: 1,
          turnNumber: 5,
          dueAt: null,
          writeId: newWriteId(),
        };
        expect(await store.overwrite({ ...request, entries: ['{"never":1}'] }, options)).not.toBeNull();
      },
      archive: (gameId) => async (store, options) => {
        const reply = await store.read(gameId, options);
        if (reply.kind === "row") await store.archive({ copy: sealedOf(reply.game) }, options);
      },
      remove: (gameId) => (store, options) => store.remove(gameId, options),
      quarantine: (gameId) => async (store, options) =>
        expect(await store.quarantine(await readGame(store, gameId), "unreadable", new Uint8Array(), options)).toBe(
          true,
        ),
    };

    test.each(Object.keys(changes))(
      "that rolls back after %s leaves row, log and history as they were",
      async (operation) => {
        const { store, other } = bench();
        const game = await createGame(store);
        const { gameId } = await flushed(store, afterWrites(game, 2));
        const look = async () => ({
          row: await other.read(gameId),
          log: await other.readLog(gameId, { from: 1, limit: 10 }),
          history: await other.findHistory(gameId),
        });
        const before = await look();
        await undone(
          (own, options) => changes[operation]?.(gameId)(own, options) ?? Promise.reject(new Error(operation)),
        );
        expect(await look()).toEqual(before);
        expect(before).toMatchObject({ row: { kind: "row" }, history: null });
      },
    );

    test("that rolls back leaves a fence used, and the next is higher all the same", async () => {
      const { store } = bench();
      const game = await createGame(store);
      await undone((own, options) => own.load(game.gameId, options));
      await flushed(store, nextOf(game));
      const reply = await store.load(game.gameId);
      expect(reply.kind === "row" && BigInt(reply.game.fence) > BigInt(game.fence)).toBe(true);
    });
  });

  describe("rootOf", () => {
    test("is the same for every call of one transaction, and another for another one", async () => {
      const { store, hooks } = bench();
      const root = await hooks.transaction(async (transaction) => {
        expect(store.rootOf(transaction)).toBe(store.rootOf(transaction));
        return store.rootOf(transaction);
      });
      await hooks.transaction(async (transaction) => expect(store.rootOf(transaction)).not.toBe(root));
    });
  });

  describe("afterCommit", () => {
    test("runs the hook once others see what the transaction did", async () => {
      const { store, other, hooks } = bench();
      const gameId = newGameId();
      const seen: string[] = [];
      const ran = createGate();
      await hooks.transaction(async (transaction) => {
        store.afterCommit(transaction, async () => {
          seen.push(await other.status(gameId));
          ran.open();
        });
        await store.create(newGameOf(gameId), { transaction });
        expect(seen).toEqual([]);
      });
      await ran.opened;
      expect(seen).toEqual(["live"]);
    });

    test("never runs the hook of a transaction that rolled back", async () => {
      const { store, hooks } = bench();
      const ran: string[] = [];
      const later = createGate();
      await undone(async (own, { transaction }) => {
        own.afterCommit(transaction, async () => void ran.push("rolled back"));
      });
      await hooks.transaction(async (transaction) => {
        store.afterCommit(transaction, async () => {
          ran.push("committed");
          later.open();
        });
      });
      await later.opened;
      expect(ran).toEqual(["committed"]);
    });
  });
}
