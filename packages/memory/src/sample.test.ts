import { fixtures, losingReply, pausedAt } from "@turnkeep/conformance";
import { expect, test } from "vitest";
import { createCacheSpace, createMemoryCache } from "./index.js";

test("two servers, a lost reply and a failover", async () => {
  const space = createCacheSpace(); // what the caches share, as servers share one Redis
  const mine = losingReply(createMemoryCache({ space }), "write");
  const slow = pausedAt(createMemoryCache({ space }), "install");
  const theirs = createMemoryCache({ space });
  await Promise.all([mine.start(), slow.port.start(), theirs.start()]);

  const { gameId, at } = await fixtures.cleanGame(theirs);
  const write = fixtures.writeOf(at);
  await expect(mine.write(gameId, write)).rejects.toMatchObject({ details: { fate: "unknown" } });
  expect(await mine.write(gameId, write)).toMatchObject({ kind: "duplicate" }); // it had been applied

  space.failover(); // every copy is unverified now, until a load has compared it with the store
  const load = fixtures.install(slow.port, fixtures.rowOf(gameId, { fence: "30" }));
  await slow.reached; // the load holds its token; its row is on the way
  await theirs.evict(gameId); // meanwhile the game is deleted
  slow.release();
  await expect(load).rejects.toThrow("tokenLost"); // so the dead game does not come back
});
