import type { GameId } from "@turnkeep/core";
import type { ClaimReply, ClaimRequest, DirtyBacklog, UnflushedCopy } from "@turnkeep/core/ports";
import type { Keyring } from "./keys.js";
import { asReply, type Reply, textAt, textsOf, toUnflushedCopy } from "./replies.js";
import { copyKeys } from "./requests.js";
import type { RunScript } from "./scripting.js";

/** What the flusher asks of the dirty index; one Redis and a Cluster do it differently. */
export interface FlusherCalls {
  claim(request: ClaimRequest, signal?: AbortSignal): Promise<ClaimReply>;
  backlog(signal?: AbortSignal): Promise<DirtyBacklog>;
  /** This process made a game dirty that is due within this time. */
  noteDirty(index: string, withinMs: number): void;
  /** The bound of the index as WRITE takes it. */
  bound(maxDirtyGames: number): string;
}

/** The reply of CLAIM-GAME: a copy, or why there is none. */
export type ClaimedGame = UnflushedCopy | "clean" | "unverified" | "absent";

export async function claimGame(
  run: RunScript,
  keyring: Keyring,
  gameId: GameId,
  onlyDirty: boolean,
  signal?: AbortSignal,
): Promise<ClaimedGame> {
  const args = [gameId, onlyDirty ? "dirty" : ""];
  const reply = asReply(await run("claim-game", copyKeys(keyring.of(gameId)), args, signal));
  switch (textAt(reply, 0)) {
    case "COPY":
      return toUnflushedCopy(reply[1]);
    case "CLEAN":
      return "clean";
    case "UNVERIFIED":
      return "unverified";
    default:
      return "absent";
  }
}

/** CLAIM on one part of the index. */
export async function claimPart(
  run: RunScript,
  keyring: Keyring,
  tag: string,
  form: "copies" | "ids",
  request: ClaimRequest,
  signal?: AbortSignal,
): Promise<Reply> {
  const { limit, hideMs, dueWithinMs = 0 } = request;
  return asReply(await run("claim", [keyring.index(tag)], [limit, hideMs, dueWithinMs, form, keyring.prefix], signal));
}

export async function backlogOfPart(run: RunScript, index: string, signal?: AbortSignal): Promise<DirtyBacklog> {
  const [games, overdue] = textsOf(await run("backlog", [index], [], signal));
  return { games: Number(games), oldestOverdueMs: Number(overdue) };
}
