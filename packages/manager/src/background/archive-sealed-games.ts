import { finishEnding } from "../archive/archive-sealed.js";
import type { CallOptions, Context } from "../context.js";
import { flushDue } from "./flush-round.js";
import { reportFailures, sweepPages } from "./pages.js";

const atOnce = 4;

/**
 * Archives the games that were sealed and never archived, by any process: those of which the store knows, and
 * those that only the cache knows and that are due. Returns how many.
 */
export async function finishEndings<State extends object>(
  ctx: Context<State>,
  { signal }: CallOptions,
): Promise<number> {
  let { archived } = await flushDue(ctx, { signal });
  const failed = await sweepPages({
    list: (after, limit) => ctx.store.listIds("ended", { after, limit }, { signal }),
    visit: async (gameId) => {
      const ending = await finishEnding(ctx, gameId, { signal });
      if (ending?.copy) archived += 1;
    },
    pageGames: ctx.settings.recoveryPageGames,
    atOnce,
    signal,
  });
  reportFailures(ctx.log, failed, "archived");
  return archived;
}
