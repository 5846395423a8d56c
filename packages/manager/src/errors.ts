import { type GameDefinition, isTurnkeepError, TurnkeepError, type Version, type WriteFate } from "@turnkeep/core";
import type { StoredStatus } from "@turnkeep/core/ports";

/** The manager's own errors, each made in one place. */

export function gameNotFound(gameId: string) {
  return new TurnkeepError("GameNotFound", `there is no game ${gameId}`, { gameId });
}

export function gameEnded(gameId: string) {
  return new TurnkeepError("GameEnded", `game ${gameId} has ended`, { gameId });
}

export function gameGone(gameId: string) {
  return new TurnkeepError("GameGone", `game ${gameId} was deleted`, { gameId });
}

export function gameQuarantined(gameId: string, quarantineReason: string | null) {
  return new TurnkeepError("GameQuarantined", `game ${gameId} is quarantined: its document could not be read`, {
    gameId,
    quarantineReason,
  });
}

/** Whether this process cannot read a game's document, or its rules made one that it could not read. */
export function isUnreadable(error: unknown): error is TurnkeepError<Unreadable> {
  return unreadableCodes.some((code) => isTurnkeepError(error, code));
}

type Unreadable = "InvalidState" | "StateTooLarge" | "UnsupportedSchema";
const unreadableCodes = ["InvalidState", "StateTooLarge", "UnsupportedSchema"] as const satisfies Unreadable[];

/** The same error, naming the game whose document it is about; one of a definition that fails on it is InvalidState. */
export function ofGame(gameId: string, error: unknown): Error {
  if (isUnreadable(error)) {
    return new TurnkeepError(
      error.code,
      `game ${gameId}: ${error.message}`,
      { ...error.details, gameId },
      { cause: error },
    );
  }
  if (isTurnkeepError(error)) return error;
  const details = { reason: "schema", path: "$", gameId } as const;
  return new TurnkeepError("InvalidState", `game ${gameId}: its definition fails on it`, details, { cause: error });
}

/** A sweep gives up: this process is the one that is wrong, and not so many games in a row. */
export function probablyADeploy(inARow: number, error: TurnkeepError<Unreadable>) {
  const message = `${inARow} games in a row cannot be read here, and stay as they are: probably a deploy, whose game definition is not the one that wrote them (${error.message})`;
  return new TurnkeepError(error.code, message, error.details, { cause: error });
}

export function unsupportedRules(
  gameId: string,
  found: number,
  { oldestRulesVersion: oldest, rulesVersion: newest }: Pick<GameDefinition, "oldestRulesVersion" | "rulesVersion">,
) {
  const message = `game ${gameId} began under rules ${found}, and this process plays ${oldest} to ${newest}`;
  return new TurnkeepError("UnsupportedRules", message, { gameId, found, oldest, newest });
}

export function gameOrphaned(gameId: string) {
  return new TurnkeepError("GameOrphaned", `the cached game ${gameId} has no row in the store`, { gameId });
}

/** Why there is nothing to serve or to write, by what the store knows. */
export function statusError(gameId: string, status: StoredStatus) {
  switch (status) {
    case "deleted":
      return gameGone(gameId);
    case "missing":
      return gameNotFound(gameId);
    case "quarantined":
      return gameQuarantined(gameId, null);
    default:
      return gameEnded(gameId);
  }
}

export function revisionConflict(gameId: string, expected: Version | null, actual: Version | null) {
  const wrote = expected === null ? "no version is held of it" : `${expected} is not its version`;
  return new TurnkeepError("RevisionConflict", `game ${gameId} was not written: ${wrote}`, {
    gameId,
    expected,
    actual,
  });
}

export function invalidInput(issue: string) {
  return new TurnkeepError("InvalidInput", issue, { issues: [issue] });
}

/** A side is there, and was too slow for one game. */
export function busy(code: "StoreUnavailable" | "CacheUnavailable", fate: WriteFate, message: string) {
  return new TurnkeepError(code, message, { fate, reason: "busy" });
}

/** Nothing was done, since other calls and losses of the cache came in between too often. */
export function cacheContended(gameId: string) {
  return busy("CacheUnavailable", "notDone", `game ${gameId} kept changing in the cache`);
}

/** Whether one game was too slow, for a locked row or much traffic: the side is there, and may well serve other games. */
export function isBusy(error: unknown): error is Unavailable {
  return isUnavailable(error) && error.details.reason === "busy";
}

/** Whether a side cannot be asked for any game. */
export function isAway(error: unknown): boolean {
  return isUnavailable(error) && !isBusy(error);
}

type Unavailable = TurnkeepError<"StoreUnavailable"> | TurnkeepError<"CacheUnavailable">;

export function isUnavailable(error: unknown): error is Unavailable {
  return isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "CacheUnavailable");
}

/** A call's time is up: a locked row, or earlier calls of the same game, took it. */
export function callTooLate(fate: WriteFate) {
  return busy("StoreUnavailable", fate, "the call's time is up: its game is busy");
}

/** Another transaction holds the game's row in the store, and nothing was done. */
export function gameLocked(gameId: string) {
  return busy("StoreUnavailable", "notDone", `another transaction holds game ${gameId} in the store`);
}

/** The store has deleted the game, and its copy may still be served. */
export function notEvicted(gameId: string) {
  const message = `game ${gameId} is deleted in the store, but its copy could not be evicted: delete it again`;
  return new TurnkeepError("CacheUnavailable", message, { fate: "unknown" });
}

/** The same error once a write has been sent: whatever failed then, the fate of the write is unknown. */
export function afterWrite(error: unknown): unknown {
  const failed = isUnavailable(error) || isTurnkeepError(error, "Aborted");
  if (!failed || error.details.fate === "unknown") return error;
  return new TurnkeepError(error.code, error.message, { ...error.details, fate: "unknown" }, { cause: error });
}

/** Runs what follows a write; its errors leave as {@link afterWrite} makes them. */
export async function followingWrite<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw afterWrite(error);
  }
}

export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
