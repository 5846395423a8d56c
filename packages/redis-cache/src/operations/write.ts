import { assertWriteId, type GameId, type Outcome } from "@turnkeep/core";
import {
  type CacheCallOptions,
  type GameMetadata,
  type SealRequest,
  textOfState,
  type UnflushedCopy,
  type WriteReply,
  type WriteRequest,
} from "@turnkeep/core/ports";
import { asReply, type Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { baseOf, copyKeys, dueText, outcomeText, textAt, textsOf, versionAt } from "./texts.js";

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
    stateArgument(request.state),
    request.turnNumber,
    request.schemaVersion,
    Math.ceil(request.flushWithinMs),
    boundText(request.maxDirtyGames, dirtyParts),
    keys.channel,
    publish,
    outcomeText(outcome),
    dueText(request.dueAt),
    request.forFlush ? "flush" : "",
    ...request.entries,
  ];
  const answer = await commands.run("write", copyKeys(keys), args, options?.signal);
  const reply = toWriteReply(answer, () => writtenCopy(gameId, request, outcome, answer));
  if (reply.kind === "ok") dirtyParts?.note(keyring.tagOf(keys.index), request.flushWithinMs);
  return reply;
}

/** The client sends its own kind of bytes as they are; these are the same ones, not a copy. */
function stateArgument(state: WriteRequest["state"]): string | Buffer {
  return typeof state === "string" ? state : Buffer.from(state.buffer, state.byteOffset, state.length);
}

/** On a Cluster one part does not know the whole: what counts is how many there were at the last count of all parts. */
function boundText(maxDirtyGames: number, dirtyParts: Context["dirtyParts"]): string {
  if (dirtyParts === null) return String(maxDirtyGames);
  return maxDirtyGames > 0 && dirtyParts.total >= maxDirtyGames ? "full" : "0";
}

/** The copy that a write has made: of what was sent, and what the script says beside it. */
function writtenCopy(
  gameId: GameId,
  { state, schemaVersion, turnNumber, dueAt, entries }: WriteRequest,
  outcome: Outcome | null,
  reply: Reply,
): UnflushedCopy | undefined {
  if (reply[2] === undefined) return undefined;
  const facts = asReply(reply[2]);
  return {
    gameId,
    status: outcome === null ? "live" : "ended",
    version: versionAt(reply, 1),
    fence: textAt(facts, 0),
    base: baseOf(textAt(facts, 4)),
    state: textOfState(state),
    schemaVersion,
    turnNumber,
    dueAt,
    logCount: Number(textAt(facts, 1)),
    writeIds: textAt(facts, 2),
    outcome,
    lastActionAt: Number(textAt(facts, 3)),
    entries: [...textsOf(facts[5]), ...entries],
  };
}

function toWriteReply(reply: Reply, copy: () => UnflushedCopy | undefined): WriteReply {
  const name = textAt(reply, 0);
  switch (name) {
    case "OK":
      return { kind: "ok", version: versionAt(reply, 1), copy: copy() };
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
