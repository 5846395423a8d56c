import { sleep } from "../../clock.js";
import type { Environment } from "../../environment.js";
import type { Chance } from "../../workload/seeded.js";
import type { Scenario } from "../scenario.js";

/**
 * The servers run on. What Redis still has is brought back, at whatever level it was acknowledged, also of a game that
 * nobody plays.
 */
export const postgresRestored: Scenario = {
  name: "postgres-restored",
  title: "Postgres restored from a backup",
  checks: ["I1", "I3", "I5"],
  async inject(environment, chance) {
    const unplayed = await environment.newGame(chance);
    const { backup, since } = await backUp(environment, chance);
    await environment.writeUntilDone(0, unplayed, "last-move", "durable");
    await environment.withStoreLoss("a backup is restored", since, true, async () => {
      await environment.postgres.kill();
      await environment.postgres.restart(backup);
    });
  },
};

/**
 * The same, and Redis comes back empty in the same time. A server still holds a copy of what was lost, with versions
 * that the others might draw again: it may not pass for theirs.
 */
export const bothRestored: Scenario = {
  name: "both-restored",
  title: "Postgres restored, and Redis emptied",
  checks: ["I1", "I3"],
  // Else a recovery loads that game in between, and a fence that is drawn again would be another one by chance.
  workload: { recoverEveryMs: 0 },
  async inject(environment, chance) {
    const gameId = await environment.newGame(chance);
    const { backup, since } = await backUp(environment, chance);
    const write = (site: number, writeId: string) => environment.writeUntilDone(site, gameId, writeId, "durable");
    // Loaded anew since the backup, as the others do afterwards.
    await environment.redis.admin((redis) => redis.del(`${environment.names.keyPrefix}game:${gameId}`));
    for (const name of ["lost-move-2", "lost-move-3"]) await write(1, name);
    await environment.withStoreLoss("a backup is restored, and Redis is emptied", since, false, async () => {
      await Promise.all([environment.redis.kill(), environment.postgres.kill()]);
      await environment.postgres.restart(backup);
      await environment.redis.restart("nothing");
    });
    for (const name of ["new-move-2", "new-move-3"]) await write(0, name);
    await write(1, "new-move-4");
    await environment.untilAllFlushed("after-the-restore");
  },
};

async function backUp({ postgres, journal }: Environment, chance: Chance) {
  const since = journal.now();
  const backup = await postgres.save();
  await sleep(700 + chance.below(500));
  return { backup, since };
}
