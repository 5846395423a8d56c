import { sleep } from "../../clock.js";
import type { Environment } from "../../environment.js";
import { TcpProxy } from "../../stores/tcp-proxy.js";
import type { Scenario } from "../scenario.js";

/**
 * An asynchronous standby takes over at the old one's address, without the last commits. A sweep compares and brings
 * back what Redis has; of the log it lacks what Redis had trimmed, and says so.
 */
export const postgresFailover: Scenario = {
  name: "postgres-failover",
  title: "Postgres fails over and loses its last commits",
  checks: ["I1", "I3", "I5"],
  workload: { recoverEveryMs: 0 },
  async inject(environment, chance) {
    const { postgres, journal } = environment;
    const [trimmed, unplayed, whole] = [
      await environment.newGame(chance, 0),
      await environment.newGame(chance, 1),
      await environment.newGame(chance, 2),
    ];
    const proxy = await TcpProxy.start(postgres.port);
    environment.atEnd(() => proxy.close());
    const standby = await postgres.startStandby(proxy.port);
    environment.atEnd(() => standby.stop());
    await sleep(chance.below(300));
    // What was committed before is not lost, however far a busy machine lets the standby fall behind.
    const since = journal.now();
    await standby.caughtUp();
    proxy.set("swallow");
    for (const gameId of [trimmed, unplayed]) await environment.writeUntilDone(0, gameId, "lost-move", "durable");
    await sleep(300 + chance.below(600));
    await environment.withStoreLoss("an asynchronous standby takes over", since, true, async () => {
      await postgres.kill();
      await postgres.restart(await standby.promote());
    });
    for (const gameId of [trimmed, whole]) await environment.writeUntilDone(0, gameId, "move-then", "durable");
    // The other server has noticed as well that Postgres is back.
    await environment.writeUntilDone(1, trimmed, "move-there", "durable");
    await environment.site(1).service.sweep();
    await logSays(environment, trimmed, null);
    await logSays(environment, unplayed, null);
    await logSays(environment, whole, ["move-then"]);
  },
};

/** @param expected `null`: that entries are missing */
async function logSays({ sites }: Environment, gameId: string, expected: readonly string[] | null): Promise<void> {
  const log = (await sites[0]?.service.log(gameId)) ?? null;
  if (JSON.stringify(log) !== JSON.stringify(expected)) throw new Error(`a log says ${log} instead of ${expected}`);
}
