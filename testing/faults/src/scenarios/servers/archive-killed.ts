import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** At some moment between seal, transaction and eviction. Any process that sweeps finishes it. */
export const archiveKilled: Scenario = {
  name: "archive-killed",
  title: "servers killed while they archive",
  checks: ["I2", "I4"],
  spares: 3,
  async inject(environment, chance) {
    for (let n = 0; n < 3; n++) {
      const games = await Promise.all(Array.from({ length: 8 }, () => environment.newGame(chance)));
      const endings = games.map(async (gameId) => {
        await environment.calls.write(0, gameId, `last-move-${n}`, "writeBehind");
        await environment.calls.end(0, gameId);
      });
      await sleep(chance.below(40));
      await environment.killAndReplace(environment.site(0));
      await Promise.all(endings);
    }
  },
};
