import type { FaultRow } from "../fault-row.js";
import { claimHideMs } from "../turnkeep-service.js";

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
    await bed.insist(1, gameId, "another-player", "durable");
    await bed.losing(
      "Redis comes back empty",
      async () => {
        await bed.redis.kill();
        await bed.redis.restart("nothing");
      },
      // The flusher beside the client loses its replies too: what it claimed without hearing of it waits that much longer.
      () => bed.promisedLossMs() + claimHideMs,
    );
    await bed.insist(0, gameId, "lost-reply", "writeBehind");
  },
};
