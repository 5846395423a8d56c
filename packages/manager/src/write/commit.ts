import type { Version } from "@turnkeep/core";
import { finishEnding } from "../archive/archive-sealed.js";
import type { Context } from "../context.js";
import { followingWrite, revisionConflict } from "../errors.js";
import type { AppliedWrite } from "./idempotency.js";
import { type Durability, makeDurable } from "./make-durable.js";

export interface CommitOptions {
  /** The level that the caller asks for; default as much as the write needs. */
  readonly durability?: Durability | undefined;
  /** The write ended the game. */
  readonly ended: boolean;
  /** The write is, or may have been, a turn boundary. */
  readonly turned?: boolean | undefined;
  /** Whether to report the write; default true. False if an earlier call has reported it. */
  readonly report?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What follows a write that the cache has taken. A game that it ended is archived; a turn boundary, and a write that has
 * to be durable, is made durable; then the write is reported. Returns the level that was reached.
 * @throws as {@link makeDurable}; RevisionConflict if a newer lineage has discarded the seal
 */
export async function commit<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: AppliedWrite,
  { durability: asked, ended, turned = false, report = true, signal }: CommitOptions,
): Promise<Durability> {
  if (ended) {
    const ending = await followingWrite(() => finishEnding(ctx, gameId, { signal, sealed: write.copy }));
    if (ending === null) throw revisionConflict(gameId, write.version, ctx.localCopies.versionOf(gameId) ?? null);
    return "durable";
  }
  const required = requiresDurable(ctx, asked);
  const orWriteBehind = !required && ctx.settings.turnBoundaryWhileStoreAway === "writeBehind";
  const level = required || turned ? await makeDurable(ctx, gameId, write, { signal, orWriteBehind }) : "writeBehind";
  if (report) reportUpdate(ctx, gameId, write.version, level);
  return level;
}

/** Whether a write has to be durable even if it is no turn boundary. */
export function requiresDurable<State extends object>(ctx: Context<State>, asked: Durability | undefined): boolean {
  return asked === "durable" || !ctx.cache.detectsFailover;
}

/** Reports a write that left its game live, once its level is reached; an end has an event of its own. */
export function reportUpdate<State extends object>(
  ctx: Context<State>,
  gameId: string,
  version: Version,
  durability: Durability,
): void {
  ctx.events.emit("state:updated", { gameId, version, durability });
  ctx.log.debug({ gameId, version, durability }, "updated");
}
