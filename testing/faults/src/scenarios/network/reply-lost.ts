import { claimHideMs } from "../../system/turnkeep-service.js";
import type { Scenario } from "../scenario.js";

/** When the client retries, Redis has forgotten the write, so that the row has to recognise it. */
export const replyLost: Scenario = {
  name: "reply-lost",
  title: "reply lost, another plays, flushed, wiped, retried",
  checks: ["I3"],
  async inject(environment, chance) {
    const gameId = await environment.newGame(chance);
    const { redisProxy } = environment.site(0);
    await environment.calls.read(0, gameId);
    redisProxy.set("loseReplies");
    environment.countFault();
    const first = await environment.calls.write(0, gameId, "lost-reply", "writeBehind");
    redisProxy.set("open");
    if (first.outcome !== "unknown") throw new Error(`the reply was not lost: the write is ${first.outcome}`);
    await environment.writeUntilDone(1, gameId, "another-player", "durable");
    await environment.withLoss(
      "Redis comes back empty",
      async () => {
        await environment.redis.kill();
        await environment.redis.restart("nothing");
      },
      // The flusher of that server loses its replies too: what it claimed without knowing it waits that much longer.
      () => environment.promisedLossMs() + claimHideMs,
    );
    await environment.writeUntilDone(0, gameId, "lost-reply", "writeBehind");
  },
};
