import { Witness } from "../check/witness.js";
import type { MatchStores } from "./stores.js";
import { waitUntil } from "./wait-until.js";

const longestMs = 60_000;
const sayEveryMs = 5_000;

/** Waits until history has every game and nothing else is left; what is not so after the time is for the checker to report. */
export async function waitForRest(
  stores: MatchStores,
  games: number,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const witness = await Witness.open(stores);
  let sayAfter = performance.now() + sayEveryMs;
  const holds = async () => {
    const { activeRows, redisKeys } = await witness.leftovers();
    const history = await witness.historyCount();
    if (performance.now() > sayAfter) {
      sayAfter += sayEveryMs;
      const some = redisKeys.slice(0, 3).join(" ");
      say(`still: ${activeRows.length} active rows, ${games - history} not in history, Redis keys: ${some}`);
    }
    return activeRows.length + redisKeys.length === 0 && history >= games;
  };
  try {
    await waitUntil(holds, { withinMs: longestMs, everyMs: 200, signal });
  } finally {
    await witness.close();
  }
}
