import {
  assertWriteId,
  compareDecimals,
  findWrite,
  type GameId,
  type Outcome,
  rememberWrite,
  toVersion,
} from "@turnkeep/core";
import {
  type CacheCallOptions,
  type GameMetadata,
  textOfState,
  type WriteReply,
  type WriteRequest,
} from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { isDirty, type StoredCopy, toUnflushed, versionOf } from "../stored-copy.js";

/** A reply that a player waits for brings at most so many entries of earlier writes. */
const mostEarlierEntries = 64;

/** WRITE: compare-and-set of the next version: state, log entries, dirty mark and publication in one step. */
export function write(context: Context, gameId: GameId, request: WriteRequest, options?: CacheCallOptions): WriteReply {
  return applyWrite(context, gameId, request, null, options);
}

/** WRITE, and with an outcome SEAL: the questions in their order, then everything that a write changes. */
export function applyWrite(
  { space, check }: Context,
  gameId: GameId,
  request: WriteRequest,
  outcome: Outcome | null,
  options?: CacheCallOptions,
): WriteReply {
  check(options, gameId);
  const writeId = assertWriteId(request.writeId);
  const copy = space.copy(gameId);
  if (copy === undefined) return { kind: "miss" };
  if (copy.epoch !== space.epoch) return { kind: "unverified" };
  const current = versionOf(copy);
  const madeVersion = findWrite(copy.writeIds, writeId);
  if (madeVersion !== null) return { kind: "duplicate", madeVersion };
  if (copy.status === "ended") return { kind: "ended" };
  if (request.expected !== current) return { kind: "conflict", version: current };
  const isFull = request.maxDirtyGames > 0 && space.dueAt.size >= request.maxDirtyGames;
  if (isFull && !isDirty(copy)) return { kind: "backpressure" };

  const revision = String(BigInt(copy.revision) + 1n);
  const version = toVersion(copy.lineage, revision);
  const written: StoredCopy = {
    ...copy,
    revision,
    status: outcome === null ? "live" : "ended",
    outcome,
    state: textOfState(request.state),
    schemaVersion: request.schemaVersion,
    turnNumber: request.turnNumber,
    dueAt: request.dueAt,
    tail: [...copy.tail, ...request.entries],
    logCount: copy.logCount + request.entries.length,
    writeIds: rememberWrite(copy.writeIds, writeId, version),
    lastActionAt: space.now(),
    expiresAt: null,
  };
  space.put(written);
  space.mark(gameId, space.now() + Math.ceil(request.flushWithinMs));
  space.publish(gameId, version);
  if (!request.forFlush || copy.tail.length > mostEarlierEntries) return { kind: "ok", version };
  const { origin: _origin, ...unflushed } = toUnflushed(written);
  return { kind: "ok", version, copy: unflushed };
}

/** SET-METADATA: a copy takes what the store has, if that is newer; without a copy a load under way loses its token. */
export function setMetadata(
  { space, check }: Context,
  gameId: GameId,
  { metadata, metadataVersion }: GameMetadata,
  options?: CacheCallOptions,
): void {
  check(options, gameId);
  const copy = space.copy(gameId);
  if (copy === undefined) space.endLoad(gameId);
  else if (compareDecimals(copy.metadataVersion, metadataVersion) < 0) {
    space.put({ ...copy, metadata, metadataVersion });
    space.publish(gameId, versionOf(copy));
  }
}
