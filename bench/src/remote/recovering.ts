import { recoverByCopy } from "../contenders/copy.js";
import { openLimit } from "../contenders/limit.js";
import { openNaive } from "../contenders/naive.js";
import { recoverNaively, recoverPlainly } from "../contenders/recover.js";
import { openTurnkeep } from "../contenders/turnkeep.js";
import { whole } from "../measure/operation.js";
import type { Task, Working } from "./task.js";

/** Recovery, with the most memory that this process has ever had. */
export async function recovering({ contender, site, games }: Task): Promise<Working> {
  const { run, close } = await recoveryOf(contender, site);
  const job = whole({ operations: games, run });
  return {
    ...job,
    async run() {
      const sample = await job.run();
      return { ...sample, extra: { "peak MB": process.resourceUsage().maxRSS / 1_024 } };
    },
    rest: async () => {},
    close,
  };
}

async function recoveryOf(contender: Task["contender"], site: Task["site"]) {
  switch (contender) {
    case "limit": {
      const limit = await openLimit(site);
      return { run: () => recoverPlainly(limit), close: limit.close };
    }
    case "copy": {
      const limit = await openLimit(site);
      return { run: () => recoverByCopy(limit), close: limit.close };
    }
    case "naive": {
      const naive = await openNaive(site);
      return { run: () => recoverNaively(naive), close: naive.close };
    }
    case "turnkeep": {
      const manager = await openTurnkeep(site, { runFlusher: false });
      return { run: () => manager.recoverActiveGames(), close: () => manager.close() };
    }
  }
}
