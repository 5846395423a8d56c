import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { systemRuntime } from "@turnkeep/core";
import { expect, test } from "vitest";
import { startTestServer } from "../../testing/test-server.js";
import { servedCardGame } from "../served/served-card-game.js";
import { GameCreation } from "./create-games.js";

test("of games that are begun all at once, no more are accepted than one after the other; a retry does not count again", async () => {
  const server = await startTestServer();
  const { manager } = server;
  const [player, retried] = [randomUUID(), randomUUID()];
  const writeIds = [retried, retried, ...Array.from({ length: 20 }, () => randomUUID())];
  const counting = new EventTarget();
  const allCounted = once(counting, "all");
  let counted = 0;
  const creation = new GameCreation(
    servedCardGame,
    {
      loadState: (gameId) => manager.loadState(gameId),
      serviceTime: () => manager.serviceTime(),
      getPlayerActiveGames: async (...args) => {
        const page = await manager.getPlayerActiveGames(...args);
        counted += 1;
        if (counted === writeIds.length) counting.dispatchEvent(new Event("all"));
        return page;
      },
      createGame: async (...args) => {
        await allCounted;
        return manager.createGame(...args);
      },
    },
    null,
    { maxOpenGames: 3, runtime: systemRuntime },
  );
  const begin = (writeId: string) => creation.create(player, { writeId, npcId: "kilnkeeper" });
  const begun = await Promise.allSettled(writeIds.map(begin));
  expect(begun.map(({ status }) => status)).toEqual(writeIds.map((_, index) => (index < 4 ? "fulfilled" : "rejected")));
  for (const one of begun) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "Forbidden" });
  const { items } = await manager.getPlayerActiveGames(player, { limit: 100 });
  expect(items).toHaveLength(3);
  await manager.deleteGame(items[0]?.gameId ?? "");
  expect(await begin(randomUUID())).toMatchObject({ loaded: { version: expect.any(String) } });
  await server.stop();
});
