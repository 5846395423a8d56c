import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Unreadable documents, in either store. Their games are quarantined; all the others go on. */
export const poison: Scenario = {
  name: "poison",
  title: "unreadable documents in either store",
  checks: ["I5"],
  async inject(environment, chance) {
    const [inRow, inDirtyCopy, inCleanCopy] = [
      await environment.newGame(chance),
      await environment.newGame(chance),
      await environment.newGame(chance),
    ];
    const spoilCopy = (gameId: string) =>
      environment.redis.admin((redis) =>
        redis.set(`${environment.names.keyPrefix}game:${gameId}`, '{"broken', "KEEPTTL"),
      );
    environment.excludeFromCheck(inRow, inDirtyCopy);
    environment.countFault();
    await environment.calls.write(0, inDirtyCopy, "then-spoiled", "writeBehind");
    await spoilCopy(inDirtyCopy);
    environment.countFault();
    await spoilCopy(inCleanCopy);
    environment.countFault();
    await environment.postgres.admin((db) =>
      db.query(`UPDATE "${environment.names.schema}".active_games SET state = '{"broken' WHERE id = $1`, [inRow]),
    );
    await environment.redis.admin((redis) => redis.del(`${environment.names.keyPrefix}game:${inRow}`));
    await sleep(1_200);
    for (const gameId of [inRow, inDirtyCopy]) {
      const read = await environment.calls.read(1, gameId);
      if (read.error !== "GameQuarantined") throw new Error(`an unreadable game was answered with ${read.error}`);
    }
    const kept = await environment.calls.read(1, inCleanCopy);
    if (kept.outcome !== "done") throw new Error(`a clean copy was spoiled, and the row was not used: ${kept.error}`);
  },
};
