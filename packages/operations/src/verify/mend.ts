import { type GameId, lineageOf } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import type { FindingKind } from "./compare.js";
import type { Finding } from "./looks.js";

/** What became of a finding: `done`, `failed` (it has moved on, or a side refused), `none`: nothing mends it by itself. */
export type Mending = "done" | "failed" | "none";

export interface MendPorts {
  readonly cache: Pick<Cache, "reindex" | "claimGame" | "evict" | "reset" | "adopt">;
  readonly store: Pick<Store, "load" | "status">;
  /** Brings a game into the cache, as a player's first touch does. */
  loadGame(gameId: GameId): Promise<unknown>;
  /** Archives all that was sealed and never archived. */
  finishEndings(): Promise<unknown>;
}

/** How each kind is mended, by steps of the protocol alone; the others have no such step, and an operator decides. */
const steps: { readonly [Kind in FindingKind]?: (ports: MendPorts, finding: Finding) => Promise<boolean> } = {
  missing: async ({ loadGame }, { gameId }) => (await loadGame(gameId)) !== null,
  unindexed: reindex,
  ahead: reindex,
  // A claim of one game unmarks it if it is clean.
  needlesslyIndexed: async ({ cache }, { gameId }) => (await cache.claimGame(gameId, { onlyDirty: true })) === null,
  zombie: evict,
  behind: reset,
  forked: reset,
  fenceBehind: async ({ cache, store }, { gameId, copy }) => {
    const loaded = copy && (await store.load(gameId, { above: copy.fence, skipLocked: true }));
    if (loaded?.kind !== "row") return false;
    await cache.adopt(gameId, lineageOf(copy?.version ?? loaded.game.version), loaded.game.fence);
    return true;
  },
  notArchived: async ({ store, finishEndings }, { gameId }) => {
    if ((await store.status(gameId)) !== "archived") await finishEndings();
    return (await store.status(gameId)) === "archived";
  },
};

/** Which kinds `mend` can mend. */
export const mendableKinds: ReadonlySet<FindingKind> = new Set(Object.keys(steps) as FindingKind[]);

/** Mends what a step of the protocol mends. Safe while servers play on: each step compares before it changes anything. */
export async function mend(ports: MendPorts, finding: Finding): Promise<Mending> {
  const step = steps[finding.kind];
  if (step === undefined) return "none";
  try {
    return (await step(ports, finding)) ? "done" : "failed";
  } catch {
    return "failed";
  }
}

/** REINDEX: it is flushed then. */
async function reindex({ cache }: MendPorts, { gameId, stored }: Finding): Promise<boolean> {
  const rows = stored?.version ? new Map([[gameId, { version: stored.version }]]) : undefined;
  return (await cache.reindex([gameId], { rows })).marked.includes(gameId);
}

/** EVICT: nothing brings back what is archived or deleted; of a quarantined game only a saved copy goes. */
async function evict({ cache, store }: MendPorts, { gameId, copy }: Finding): Promise<boolean> {
  const status = await store.status(gameId);
  if (status === "archived" || status === "deleted") return (await cache.evict(gameId)) !== "newer";
  return status === "quarantined" && copy !== null && (await cache.evict(gameId, copy.version)) !== "newer";
}

/** LOAD and RESET: the freshly fenced row replaces a copy that lacks what the row has. */
async function reset({ cache, store }: MendPorts, { gameId, copy }: Finding): Promise<boolean> {
  if (copy === null) return false;
  const loaded = await store.load(gameId, { skipLocked: true });
  return loaded.kind === "row" && (await cache.reset(gameId, lineageOf(copy.version), loaded.game));
}
