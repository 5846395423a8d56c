import { assertGameId } from "@turnkeep/core";
import { bindOperations, type Cache, type Deployment } from "@turnkeep/core/ports";
import { Lifecycle } from "../lifecycle.js";
import type { CacheSpace } from "./cache-space.js";
import type { Context } from "./context.js";
import { ack } from "./operations/ack.js";
import { adopt } from "./operations/adopt.js";
import { backlog } from "./operations/backlog.js";
import { claim, claimGame } from "./operations/claim.js";
import { evict } from "./operations/evict.js";
import { exists } from "./operations/exists.js";
import { inspect, unlike } from "./operations/inspect.js";
import { install, installPage } from "./operations/install.js";
import { read, readPage } from "./operations/read.js";
import { reindex } from "./operations/reindex.js";
import { reset } from "./operations/reset.js";
import { scan } from "./operations/scan.js";
import { seal } from "./operations/seal.js";
import { unverify } from "./operations/unverify.js";
import { setMetadata, write } from "./operations/write.js";
import { Subscriptions } from "./subscriptions.js";

/** The cache port over a space: each operation is one synchronous step on it. */
export interface MemoryCache extends Cache {
  /** What this cache shares with others, and what tests disturb. */
  readonly space: CacheSpace;
}

type Operations = Omit<Cache, "start" | "close" | "detectsFailover">;

export function openMemoryCache({ space, ...limits }: Omit<Context, "check">): MemoryCache {
  const lifecycle = new Lifecycle("cache");
  const subscriptions = new Subscriptions(space);
  let deployment: Deployment | null = null;
  const check: Context["check"] = (options, ...gameIds) => {
    lifecycle.check(options?.signal);
    for (const gameId of gameIds) assertGameId(gameId);
    if (deployment !== null) space.assertOwnedBy(deployment);
  };
  const context = { space, ...limits, check };
  return {
    space,
    detectsFailover: true,
    start: async () => lifecycle.start(),
    close: async () => {
      lifecycle.close();
      subscriptions.close();
    },
    ...bindOperations<Operations, Context>(() => context, {
      belongTo: (_context, asking) => {
        deployment = asking;
        check();
      },
      ping: (_context, options) => check(options),
      identity: (_context, options) => {
        check(options);
        return space.identity;
      },
      // Load
      read,
      install,
      readPage,
      installPage,
      subscribe: (_context, gameId, onChange, onGap) => {
        check(undefined, gameId);
        return subscriptions.subscribe(gameId, { onChange, onGap });
      },
      // Write
      write,
      seal,
      setMetadata,
      // Flush
      claim,
      claimGame,
      ack,
      adopt,
      reset,
      unverify,
      // End
      evict,
      // Lists
      exists,
      scan,
      reindex,
      inspect,
      unlike,
      backlog,
      // Clock
      now: (_context, options) => {
        check(options);
        return space.now();
      },
    }),
  };
}
