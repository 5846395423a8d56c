import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** At some moment between seal, transaction and eviction; whoever sweeps finishes it. */
export const archiveKilled: FaultRow = {
  name: "archive-killed",
  what: "servers killed while they archive",
  checks: ["I2", "I4"],
  spares: 3,
  async inject(bed, chance) {
    for (let n = 0; n < 3; n++) {
      const games = await Promise.all(Array.from({ length: 8 }, () => bed.newGame(chance)));
      const endings = games.map(async (gameId) => {
        await bed.write(0, gameId, `last-move-${n}`, "writeBehind");
        await bed.call("end", 0, gameId, async (on) => {
          await on.end(gameId);
          return {};
        });
      });
      await delay(chance.below(40));
      await bed.killAndReplace(bed.place(0));
      await Promise.all(endings);
    }
  },
};
