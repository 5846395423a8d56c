import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Documents that nobody can read, in either store. Their games are set aside; all the others go on. */
export const poison: FaultRow = {
  name: "poison",
  what: "unreadable documents in either store",
  checks: ["I5"],
  async inject(bed, chance) {
    const [inRow, inDirtyCopy, inCleanCopy] = [
      await bed.newGame(chance),
      await bed.newGame(chance),
      await bed.newGame(chance),
    ];
    const spoilCopy = (gameId: string) =>
      bed.redis.admin((redis) => redis.set(`${bed.names.keyPrefix}game:${gameId}`, '{"broken', "KEEPTTL"));
    bed.spoiled(inRow, inDirtyCopy);
    bed.injected();
    await bed.write(0, inDirtyCopy, "then-spoiled", "writeBehind");
    await spoilCopy(inDirtyCopy);
    bed.injected();
    await spoilCopy(inCleanCopy);
    bed.injected();
    await bed.postgres.admin((db) =>
      db.query(`UPDATE "${bed.names.schema}".active_games SET state = '{"broken' WHERE id = $1`, [inRow]),
    );
    await bed.redis.admin((redis) => redis.del(`${bed.names.keyPrefix}game:${inRow}`));
    await delay(1_200);
    for (const gameId of [inRow, inDirtyCopy]) {
      const read = await bed.call("read", 1, gameId, async (on) => ({ sight: await on.read(gameId) }));
      if (read.error !== "GameQuarantined") throw new Error(`an unreadable game was answered with ${read.error}`);
    }
    const kept = await bed.call("read", 1, inCleanCopy, async (on) => ({ sight: await on.read(inCleanCopy) }));
    if (kept.outcome !== "done") throw new Error(`a clean copy was spoiled, and the row was not used: ${kept.error}`);
  },
};
