import { assertWriteId, type GameId, type Outcome } from "@turnkeep/core";
import type { CacheCallOptions, GameMetadata, SealRequest, WriteReply, WriteRequest } from "@turnkeep/core/ports";
import type { Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { copyKeys, dueText, outcomeText, textAt, versionAt } from "./texts.js";

/** WRITE: compare-and-set of the next version: state, log entries, dirty mark and publication in one step. */
export function write(
  context: Context,
  gameId: GameId,
  request: WriteRequest,
  options?: CacheCallOptions,
): Promise<WriteReply> {
  return applyWrite(context, gameId, request, null, options);
}

/** SEAL: as WRITE, and the game ends with this outcome. */
export function seal(
  context: Context,
  gameId: GameId,
  request: SealRequest,
  options?: CacheCallOptions,
): Promise<WriteReply> {
  return applyWrite(context, gameId, request, request.outcome, options);
}

/** WRITE and SEAL are one script and give the same answers. */
async function applyWrite(
  { commands, keyring, publish, dirtyParts }: Context,
  gameId: GameId,
  request: WriteRequest,
  outcome: Outcome | null,
  options?: CacheCallOptions,
): Promise<WriteReply> {
  const keys = keyring.of(gameId);
  const args = [
    gameId,
    request.expected,
    assertWriteId(request.writeId),
    request.state,
    request.turnNumber,
    request.schemaVersion,
    Math.ceil(request.flushWithinMs),
    boundText(request.maxDirtyGames, dirtyParts),
    keys.channel,
    publish,
    outcomeText(outcome),
    dueText(request.dueAt),
    ...request.entries,
  ];
  const reply = toWriteReply(await commands.run("write", copyKeys(keys), args, options?.signal));
  if (reply.kind === "ok") dirtyParts?.note(keyring.tagOf(keys.index), request.flushWithinMs);
  return reply;
}

/** On a Cluster one part does not know the whole: what counts is how many there were at the last count of all parts. */
function boundText(maxDirtyGames: number, dirtyParts: Context["dirtyParts"]): string {
  if (dirtyParts === null) return String(maxDirtyGames);
  return maxDirtyGames > 0 && dirtyParts.total >= maxDirtyGames ? "full" : "0";
}

function toWriteReply(reply: Reply): WriteReply {
  const name = textAt(reply, 0);
  switch (name) {
    case "OK":
      return { kind: "ok", version: versionAt(reply, 1) };
    case "DUPLICATE":
      return { kind: "duplicate", madeVersion: versionAt(reply, 1) };
    case "CONFLICT":
      return { kind: "conflict", version: versionAt(reply, 1) };
    case "ENDED":
      return { kind: "ended" };
    case "UNVERIFIED":
      return { kind: "unverified" };
    case "MISS":
      return { kind: "miss" };
    case "BACKPRESSURE":
      return { kind: "backpressure" };
    default:
      throw new TypeError(`a write was answered with ${name}`);
  }
}

/** SET-METADATA: a copy takes what the store has of its metadata, unless it has it already, or newer. */
export async function setMetadata(
  { commands, keyring, publish }: Context,
  gameId: GameId,
  { metadata, metadataVersion }: GameMetadata,
  options?: CacheCallOptions,
): Promise<void> {
  const keys = keyring.of(gameId);
  const args = [metadataVersion, metadata ?? "", keys.channel, publish];
  await commands.run("set-metadata", copyKeys(keys), args, options?.signal);
}
