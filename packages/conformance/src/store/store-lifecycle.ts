import { describe, expect, test } from "vitest";
import { newGameId, newGameOf, nextOf, outcome, sealedOf } from "../fixtures.js";
import { createGame, readGame } from "./scenes.js";
import type { StoreBench } from "./store-under-test.js";

export function storeLifecycleTests<Tx>(bench: () => StoreBench<Tx>): void {
  describe("lifecycle", () => {
    test("a store that is not started, or closed, answers NotRunning", async () => {
      const store = bench().hooks.createStore();
      const refused = { code: "NotRunning" };
      await expect(store.ping()).rejects.toMatchObject(refused);
      await expect(store.create(newGameOf(newGameId()))).rejects.toMatchObject(refused);
      await store.start();
      await store.start();
      await store.ping();
      await store.close();
      await store.close();
      await expect(store.read(newGameId())).rejects.toMatchObject(refused);
      await expect(store.flush([nextOf(await createGame(bench().store))])).rejects.toMatchObject(refused);
    });

    test("the schema keeps the games of the first that asks, and no others", async () => {
      const { store, other } = bench();
      const deployment = await store.belongTo("stones");
      expect(deployment).toMatch(/^[0-9a-f-]{32,36}\/stones$/);
      await expect(other.belongTo("cards")).rejects.toMatchObject({
        code: "Misconfigured",
        message: expect.stringMatching(/keeps games of "stones".*serves "cards".*of its own/),
      });
      expect(await other.belongTo("stones")).toBe(deployment);
    });

    test("what one store wrote outlives its close", async () => {
      const { store, hooks } = bench();
      const shortLived = hooks.createStore();
      await shortLived.start();
      const game = await createGame(shortLived);
      await shortLived.close();
      expect(await readGame(store, game.gameId)).toEqual(game);
    });

    test("a call whose signal has fired already does nothing and says so", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const { gameId } = game;
      const options = { signal: AbortSignal.abort() };
      const aborted = { code: "Aborted", details: { fate: "notDone" } };
      const unused = newGameId();
      await expect(store.create(newGameOf(unused), options)).rejects.toMatchObject(aborted);
      await expect(store.load(gameId, options)).rejects.toMatchObject(aborted);
      await expect(store.read(gameId, options)).rejects.toMatchObject(aborted);
      await expect(store.flush([nextOf(game)], options)).rejects.toMatchObject(aborted);
      await expect(store.archive({ copy: sealedOf(game) }, options)).rejects.toMatchObject(aborted);
      await expect(store.remove(gameId, options)).rejects.toMatchObject(aborted);
      await expect(store.countActive(options)).rejects.toMatchObject(aborted);
      expect(await store.status(unused)).toBe("missing");
      expect(await readGame(store, gameId)).toEqual(game);
    });

    test.each(["", "game", "{3f0c2a52-6f0e-4b43-9a51-0a3f5b1d7c11}", "3F0C2A52-6F0E-4B43-9A51-0A3F5B1D7C11"])(
      "the id %j is refused by every operation",
      async (gameId) => {
        const { store, hooks } = bench();
        const row = { ...(await createGame(store)), gameId };
        const { gameType, playerIds, npcId, rules, rulesVersion } = row;
        const facts = { gameType, playerIds, npcId, rules, rulesVersion };
        const incomplete = { gameId, ...facts, outcome, state: null, turnCount: 0 };
        const overwrite = {
          gameId,
          baseRevision: "1",
          state: "{}",
          schemaVersion: 1,
          turnNumber: 1,
          dueAt: null,
          writeId: "write-id",
        };
        const calls: Record<string, () => Promise<unknown>> = {
          create: () => store.create(newGameOf(gameId)),
          load: () => store.load(gameId),
          loadPage: () => store.loadPage([gameId]),
          read: () => store.read(gameId),
          status: () => store.status(gameId),
          flush: () => store.flush([nextOf(row)]),
          overwrite: () => hooks.transaction((transaction) => store.overwrite(overwrite, { transaction })),
          lock: () => hooks.transaction((transaction) => store.lock(gameId, { transaction })),
          archive: () => store.archive({ copy: sealedOf(row) }),
          archiveIncomplete: () => store.archiveIncomplete(incomplete),
          remove: () => store.remove(gameId),
          quarantine: () => store.quarantine(row, "reason", new Uint8Array()),
          readLog: () => store.readLog(gameId, { from: 1, limit: 1 }),
          findHistory: () => store.findHistory(gameId),
          readReplay: () => store.readReplay(gameId),
          listIds: () => store.listIds("active", { after: gameId, limit: 1 }),
          listVersions: () => store.listVersions([gameId]),
          listGone: () => store.listGone([gameId]),
        };
        const outcomes = await Promise.all(
          Object.entries(calls).map(async ([operation, call]) => {
            const error: unknown = await call().catch((thrown: unknown) => thrown);
            return [operation, error instanceof Error && "code" in error ? error.code : "was taken"];
          }),
        );
        expect(outcomes).toEqual(Object.keys(calls).map((operation) => [operation, "InvalidGameId"]));
      },
    );

    test("pages, batches and write ids that make no sense are refused, and nothing is written", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const [copy, good] = [nextOf(game), nextOf(await createGame(store))];
      const { gameId } = game;
      const unused = newGameId();
      const calls = [
        ...[0, -1, 1.5, Number.NaN].flatMap((limit) => [
          () => store.listIds("active", { after: null, limit }),
          () => store.listIds("ended", { after: null, limit }),
          () => store.listIds({ idleForMs: 0 }, { after: null, limit }),
          () => store.listIds({ dueBy: 0 }, { after: null, limit }),
          () => store.readLog(gameId, { from: 1, limit }),
        ]),
        ...[-1, 1.5, Number.NaN].flatMap((time) => [
          () => store.listIds({ idleForMs: time }, { after: null, limit: 1 }),
          () => store.listIds({ dueBy: time }, { after: null, limit: 1 }),
        ]),
        () => store.readLog(gameId, { from: -1, limit: 1 }),
        () => store.flush([good, copy, copy]),
        () => store.flush([good, { ...copy, logCount: 0 }]),
        () => store.archive({ copy: { ...sealedOf(game), logCount: 0 } }),
        ...["", "short", "with a space", "a@1.1", "w".repeat(65)].map(
          (writeId) => () => store.create(newGameOf(unused, { writeId })),
        ),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "InvalidInput" });
      expect(await readGame(store, gameId)).toEqual(game);
      expect(await store.read(good.gameId)).toMatchObject({ game: { logCount: 0 } });
      expect(await store.status(unused)).toBe("missing");
    });
  });
}
