import { setTimeout as delay } from "node:timers/promises";
import { promisedLossMs } from "../bed.js";
import type { FaultRow } from "../fault-row.js";
import { claimHideMs } from "../turnkeep-service.js";

/** The flusher beside the client loses its replies too: what it claimed without hearing of it waits that much longer. */
const promisedMs = promisedLossMs + claimHideMs;

/** Redis remembers nothing of the write any more when its client asks again: the row has to. */
export const replyLost: FaultRow = {
  name: "reply-lost",
  what: "reply lost, another plays, flushed, wiped, retried",
  checks: ["I3"],
  async inject(bed, chance) {
    const gameId = await bed.newGame(chance);
    const { redisRoad } = bed.place(0);
    await bed.call("read", 0, gameId, async (on) => ({ sight: await on.read(gameId) }));
    redisRoad.set("loseReplies");
    bed.injected();
    const first = await bed.write(0, gameId, "lost-reply", "writeBehind");
    redisRoad.set("open");
    if (first.outcome !== "unknown") throw new Error(`the reply was not lost: the write is ${first.outcome}`);
    const other = await bed.write(1, gameId, "another-player", "durable");
    if (other.outcome !== "done") throw new Error(`the other player's write failed with ${other.error}`);
    await bed.losing(
      "Redis comes back empty",
      async () => {
        await bed.redis.kill();
        await bed.redis.restart("nothing");
      },
      promisedMs,
    );
    for (let n = 0; n < 40; n++) {
      const retry = await bed.write(0, gameId, "lost-reply", "writeBehind");
      if (retry.outcome === "done") return;
      await delay(50);
    }
    throw new Error("the retry never came through");
  },
};
