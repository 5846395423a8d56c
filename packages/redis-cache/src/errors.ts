import { isTurnkeepError, type Trouble, TurnkeepError, type WriteFate } from "@turnkeep/core";

/** What Redis answers when it refuses a command before anything of it has run. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/^OOM/, "Redis is out of memory: raise maxmemory, or wait until games are flushed and expire"],
  [/^READONLY/, "Redis is a replica and takes no writes"],
  [/^LOADING/, "Redis is loading its data"],
  [/^MASTERDOWN/, "the replica has lost its master"],
  [/^CLUSTERDOWN/, "the Cluster does not serve this slot"],
  [/^(MOVED|ASK|CROSSSLOT)/, "Redis is a Cluster: give the cache a Cluster client"],
  [/^TRYAGAIN/, "the slot is under migration"],
  [/^BUSY/, "Redis is busy with a script"],
  [/^MISCONF/, "Redis cannot write to its disk and refuses writes"],
  [/^NOREPLICAS/, "Redis has too few replicas and refuses writes"],
  [/^(NOAUTH|WRONGPASS|NOPERM)/, "Redis refuses this user: check its password and its rights"],
  [/^Stream isn't writeable/, "there is no connection to Redis"],
];

/** A copy of ioredis' error without the command that it carries: its arguments hold states. */
function withoutCommand(error: Error): Error {
  const cause = new Error(error.message);
  cause.name = error.name;
  return cause;
}

/** True where the user lacks a command, a key or a channel, also one that a script needs. */
export function isAboutRights(message: string): boolean {
  return /^NOPERM|The user executing the script/.test(message);
}

/** The command that the user must not run, if Redis names one. */
export function refusedCommand(message: string): string | undefined {
  return /^NOPERM.* run the '([a-z|-]+)' command/.exec(message)?.[1];
}

/** Turns what ioredis throws into an error of the taxonomy. What was sent and not refused outright is `unknown`. */
export function translateError(error: unknown): TurnkeepError {
  if (isTurnkeepError(error)) return error;
  if (!(error instanceof Error)) return unavailable("Redis failed", "unknown");
  const refusal = refusals.find(([pattern]) => pattern.test(error.message));
  if (refusal) return unavailable(refusal[1], "notDone", error, wasNeverSent(error) ? "away" : "refused");
  // A script does not undo what it did before the refusal.
  if (isAboutRights(error.message))
    return unavailable("Redis refuses its user a part of a script", "unknown", error, "refused");
  if (/timed out/i.test(error.message)) return unavailable("Redis did not answer in time", "unknown", error);
  return unavailable("the connection to Redis was lost, or Redis failed", "unknown", error);
}

/** Why a connection could not be opened. */
export function cannotConnect(error: unknown): TurnkeepError {
  const cause = error instanceof Error ? error : undefined;
  if (cause === undefined || !/^(NOAUTH|WRONGPASS|NOPERM)/.test(cause.message)) {
    return unavailable("Redis cannot be reached", "notDone", cause);
  }
  misconfigured("Redis refuses this user: check the user's name and password", cause);
}

/** @throws Misconfigured with what to change */
export function misconfigured(message: string, cause?: Error): never {
  throw new TurnkeepError("Misconfigured", message, {}, cause && { cause: withoutCommand(cause) });
}

export function unavailable(
  message: string,
  fate: WriteFate,
  cause?: Error,
  reason: Trouble = "away",
): TurnkeepError<"CacheUnavailable"> {
  return new TurnkeepError("CacheUnavailable", message, { fate, reason }, cause && { cause: withoutCommand(cause) });
}

export function aborted(fate: WriteFate): TurnkeepError<"Aborted"> {
  return new TurnkeepError("Aborted", "the caller's signal fired", { fate });
}

/** True where Redis asks to try the same command again: a slot under migration holds some of its keys here. */
export function isTryAgain(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("TRYAGAIN");
}

/** True where the client had no connection to send the command on. */
export function wasNeverSent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable");
}
