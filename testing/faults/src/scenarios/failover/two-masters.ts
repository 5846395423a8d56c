import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/**
 * One server keeps using the old master. What Postgres accepted from either side stays; the rest of one side is lost. A
 * forked copy is discovered by its next flush; until then it may accept writes, and serve what it has.
 */
export const twoMasters: Scenario = {
  name: "two-masters",
  title: "two masters",
  checks: ["I1"],
  async inject(environment, chance) {
    const { replica } = await environment.addReplica();
    const from = environment.journal.now();
    await environment.withLoss("two masters", async () => {
      await replica.admin((redis) => redis.replicaof("NO", "ONE"));
      environment.routeTo(replica, environment.sites.slice(1));
      await sleep(700 + chance.below(700));
      environment.routeTo(replica);
      await environment.untilAllFlushed("after-the-split");
    });
    environment.journal.splits.push({ from, to: environment.journal.now() });
  },
};
