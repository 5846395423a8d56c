import type { JsonValue, Version, WriteId } from "@turnkeep/core";
import type { CallOptions, Context, StoreOptions } from "../context.js";
import { cacheContended, followingWrite, invalidInput, revisionConflict, statusError } from "../errors.js";
import { encodeMetadata, readMetadata } from "../load/decode.js";
import { loadGame } from "../load/load-game.js";
import type { LocalCopy } from "../process/local-copies.js";
import { retryUntil } from "../util/retry.js";
import { commit, requiresDurable } from "../write/commit.js";
import { besideState, refusal, writeNext } from "../write/compare-and-set.js";
import {
  type AppliedWrite,
  type ArchivedWrite,
  findApplied,
  findArchivedWrite,
  readArchivedWrite,
} from "../write/idempotency.js";
import { type Durability, makeDurable } from "../write/make-durable.js";
import { decide, type NextState, type Reducer } from "../write/reduce.js";

export interface UpdateOptions<Tx> extends StoreOptions<Tx> {
  /** Default `writeBehind`; raised to `durable` at a turn boundary and at the end. */
  readonly durability?: Durability | undefined;
  /** Write only over this version; a conflict is then returned as RevisionConflict and never reduced again. */
  readonly expectedVersion?: Version | undefined;
  /** Names this write for retries; default a random one. */
  readonly writeId?: WriteId | undefined;
}

export interface UpdateResult<State> {
  readonly state: State;
  readonly version: Version;
  readonly status: "live" | "ended";
  /** The level that was reached. */
  readonly durability: Durability;
  /** False if the reducer returned the same reference, or the write id had been applied before. */
  readonly written: boolean;
  /** True if this write id had been applied before; `state` is then the current one. */
  readonly duplicate: boolean;
}

/**
 * Reads, reduces, compares and sets; a conflict with another server reduces again over what it wrote, unless
 * `expectedVersion` was given. A game of which this process has a local copy costs one round trip to the cache and no
 * reading. If the call ends without a write (the reducer throws, or changes nothing), a read has verified the game.
 * @throws what the reducer throws; GameNotFound, GameEnded, GameGone; UnsupportedRules; RevisionConflict; Backpressure;
 * CacheUnavailable, StoreUnavailable, Aborted with the write's fate: if `unknown`, retry with the same write id
 */
export async function update<State extends object>(
  ctx: Context<State>,
  gameId: string,
  reducer: Reducer<State, unknown>,
  options: UpdateOptions<unknown>,
): Promise<UpdateResult<State>> {
  const { expectedVersion, signal } = options;
  const run: Run<State> = { ctx, gameId, options, writeId: options.writeId ?? ctx.runtime.randomId() };
  const held = ctx.localCopies.get(gameId);
  if (held !== undefined) ctx.events.emit("state:hit", { gameId, from: "process" });
  let current = held;
  const durable = requiresDurable(ctx, options.durability);
  let verified = false;
  let conflict: Error | null = null;
  const exhausted = () => conflict ?? cacheContended(gameId);
  return retryUntil({ runtime: ctx.runtime, gameId, signal, exhausted }, async () => {
    if (current === undefined) {
      const loaded = await loadGame(ctx, gameId, { signal });
      if (loaded.kind === "none") return answerGone(run, loaded.status);
      current = loaded.game;
      verified = true;
    }
    const before = current;
    current = undefined;
    const decision = decide(ctx, gameId, before, reducer, { expected: expectedVersion, durable });
    if (decision.kind !== "write") {
      // What another server wrote may change the decision.
      return verified ? answerWithoutWrite(run, before, decision.kind === "refuse" ? decision : null) : "again";
    }
    const { next } = decision;
    const reply = await writeNext(ctx, gameId, besideState(before), run.writeId, next, signal);
    switch (reply.kind) {
      case "ok":
        return commitWrite(run, next, { version: reply.version, writeId: run.writeId, copy: reply.copy });
      case "duplicate":
        return answerDuplicate(run, reply.madeVersion);
      case "ended":
      case "backpressure":
        throw await refusal(ctx, gameId, reply.kind);
      case "conflict":
        ctx.events.emit("state:conflict", { gameId });
        conflict = revisionConflict(gameId, before.version, reply.version);
        return "again";
      default:
        conflict = null;
        return "again";
    }
  });
}

interface Run<State extends object> {
  readonly ctx: Context<State>;
  readonly gameId: string;
  readonly options: UpdateOptions<unknown>;
  readonly writeId: string;
}

async function commitWrite<State extends object>(
  { ctx, gameId, options: { durability: asked, signal } }: Run<State>,
  { state, outcome, turned }: NextState<State>,
  write: AppliedWrite,
): Promise<UpdateResult<State>> {
  const ended = outcome !== null;
  const durability = await commit(ctx, gameId, write, { durability: asked, ended, turned, signal });
  return {
    state,
    version: write.version,
    status: ended ? "ended" : "live",
    durability,
    written: true,
    duplicate: false,
  };
}

/**
 * This write was applied before, maybe as a turn boundary or as the end, so it is made durable (or archived) before
 * it is acknowledged.
 */
async function answerDuplicate<State extends object>(
  { ctx, gameId, options, writeId }: Run<State>,
  version: Version,
): Promise<UpdateResult<State>> {
  const { signal, durability: asked } = options;
  const loaded = await followingWrite(() => loadGame(ctx, gameId, { signal }));
  if (loaded.kind === "none") {
    const archived = await readArchivedWrite(ctx, gameId, version, options);
    if (archived === null) throw statusError(gameId, loaded.status);
    return toDuplicate(archived);
  }
  const { game } = loaded;
  const durability = await commit(
    ctx,
    gameId,
    { version, writeId },
    { durability: asked, ended: game.status === "ended", turned: true, report: false, signal },
  );
  return { state: game.state, version: game.version, status: game.status, durability, written: false, duplicate: true };
}

/** The answer to a write that is sent again after its game was archived: the game as it ended. */
export function toDuplicate<State>({ finalState, version }: ArchivedWrite<State>): UpdateResult<State> {
  return { state: finalState, version, status: "ended", durability: "durable", written: false, duplicate: true };
}

/** The game is over, or there is none; but a write that it was archived with was applied before. */
async function answerGone<State extends object>(
  { ctx, gameId, options }: Run<State>,
  status: "archived" | "deleted" | "missing",
): Promise<UpdateResult<State>> {
  const archived = status === "archived" && (await findArchivedWrite(ctx, gameId, options.writeId, options));
  if (!archived) throw statusError(gameId, status);
  return toDuplicate(archived);
}

/** Nothing to write over the newest version, or an error; unless this very write is why. */
async function answerWithoutWrite<State extends object>(
  run: Run<State>,
  current: LocalCopy<State>,
  refused: { readonly error: unknown } | null,
): Promise<UpdateResult<State>> {
  const { ctx, gameId, options, writeId } = run;
  const { signal, durability: asked } = options;
  const applied = options.writeId === undefined ? null : await findApplied(ctx, gameId, writeId, signal);
  if (applied !== null) return answerDuplicate(run, applied);
  if (refused !== null) throw refused.error;
  const { state, version, status } = current;
  const answer = { state, version, status, written: false, duplicate: false } as const;
  if (!requiresDurable(ctx, asked)) return { ...answer, durability: "writeBehind" };
  await makeDurable(ctx, gameId, { version, writeId }, { signal });
  return { ...answer, durability: "durable" };
}

/** The next metadata; the very same reference writes nothing. Synchronous and pure; may run more than once. */
export type MetadataReducer = (metadata: JsonValue | null) => JsonValue;

export interface UpdatedMetadata {
  readonly metadata: JsonValue | null;
  readonly metadataVersion: string;
  /** False if the reducer returned the same reference. */
  readonly written: boolean;
}

/**
 * Changes a game's metadata, durably, beside its state: no turn, no log entry, no new version of the game. What another
 * process changed meanwhile stays: then the reducer runs again over that. The store decides, and the cache follows before
 * this resolves: so what is acknowledged is what every later read gives, also after a loss of the cache. If this process
 * dies, or the cache fails, in between, a served copy may show the metadata from before, until the next change, or until
 * it is loaded again.
 * @throws what the reducer throws; GameNotFound, GameEnded once it is in history, GameGone, GameQuarantined, GameOrphaned;
 * InvalidState, StateTooLarge; CacheUnavailable, StoreUnavailable, Aborted: if `unknown`, call again, and the reducer
 * finds what was written
 */
export async function updateMetadata<State extends object>(
  ctx: Context<State>,
  gameId: string,
  reducer: MetadataReducer,
  { signal }: CallOptions,
): Promise<UpdatedMetadata> {
  let current: Omit<UpdatedMetadata, "written"> | undefined;
  return retryUntil<UpdatedMetadata>({ runtime: ctx.runtime, gameId, signal }, async () => {
    if (current === undefined) {
      const loaded = await loadGame(ctx, gameId, { signal });
      if (loaded.kind === "none") throw statusError(gameId, loaded.status);
      current = loaded.game;
    }
    const { metadata, metadataVersion: base } = current;
    const next: unknown = reducer(metadata);
    if (next === undefined || typeof next === "function") throw invalidInput("reducer: it returned no metadata");
    if (next === metadata) return { metadata, metadataVersion: base, written: false };
    const text = encodeMetadata(ctx, next as JsonValue);
    const reply = await ctx.store.setMetadata(gameId, { base, metadata: text }, { signal });
    if (reply.kind === "quarantined" || reply.kind === "none") {
      throw statusError(gameId, reply.kind === "none" ? reply.status : "quarantined");
    }
    const { kind, ...stored } = reply;
    // Also where the row was newer: then the copy was behind it.
    await followingWrite(() => ctx.cache.setMetadata(gameId, stored, { signal }));
    current = readMetadata(ctx, stored);
    return kind === "written" ? { ...current, written: true } : "again";
  });
}
