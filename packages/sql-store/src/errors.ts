import { isTurnkeepError, type Trouble, TurnkeepError, type WriteFate } from "@turnkeep/core";

/** The SQLSTATE that Postgres gave, also where Sequelize has wrapped it; `null` if it is another kind of error. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)) return error.code;
  if ("original" in error) return sqlStateOf(error.original);
  return sqlStateOf(error.cause);
}

/** Classes of SQLSTATE that say: this value cannot be stored, or is too large. Their messages quote the value. */
const isAboutInput = (state: string | null) => state !== null && /^(22|23|54)/.test(state);

/** Class 23, integrity constraint violation (PostgreSQL documentation, appendix A). */
const isConstraint = (state: string | null) => state?.startsWith("23") === true;

/** A lock, or the time of a statement or transaction, ran out, or a deadlock came again and again; anything else concerns the whole store. */
const troubleOf = (state: string | null): Trouble =>
  state !== null && /^(55P03|57014|40001|40P01|25P03|25P04)$/.test(state) ? "busy" : "refused";

/** After these the connection is gone, and with it the answer. */
const isAboutConnection = (state: string | null) => state === null || /^(08|57P|40003)/.test(state);

/** Serialization failure or deadlock: nothing was done, and the same again may succeed. */
export function isTransient(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === "40001" || state === "40P01";
}

/**
 * The session itself refuses, and so would every later call on it: it is read-only, its transaction failed or ran out of
 * time, or it lost a prepared statement or cannot run it any more. A new connection may do well.
 */
const isAboutSession = (state: string | null) => state !== null && /^(25|26000|42P05|0A000)/.test(state);

/** False if Postgres refused one statement and the connection is as good as before. */
export function breaksConnection(error: unknown): boolean {
  const state = sqlStateOf(error);
  return isAboutConnection(state) || isAboutSession(state);
}

/** What is wrong if a server is there, but not as the store needs it. Postgres's own words follow. */
const misconfigurations: readonly (readonly [RegExp, string])[] = [
  [/^28P01$/, "Postgres refuses the password"],
  [/^28/, "Postgres refuses the user"],
  [/^3D/, "Postgres does not have the database"],
  [/^25006$/, "Postgres is read-only here"],
  [/^42501$/, "Postgres refuses the user a right"],
  [/^(3F|42P01)/, "the schema in Postgres is not as it must be"],
];

/** What pg says before there is a session. */
const connectionRefusals: readonly (readonly [RegExp, string])[] = [
  [/^SASL|client password must be a string/, "Postgres wants another password"],
  [/SSL|certificate/i, "the connection to Postgres cannot be encrypted as asked"],
];

/** `Misconfigured` with the reason, where waiting would not help; else the error as it is. */
export function namingMisconfiguration(error: unknown): unknown {
  if (isTurnkeepError(error, "Misconfigured")) return error;
  const state = sqlStateOf(error);
  const cause = isTurnkeepError(error) && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : "";
  const found =
    state === null
      ? connectionRefusals.find(([pattern]) => pattern.test(message))
      : misconfigurations.find(([pattern]) => pattern.test(state));
  return found === undefined ? error : misconfigured(`${found[1]}: ${message}`, cause);
}

/** The error without what Postgres quotes in it (`detail`, `where`, and messages about values): states may be there. */
function withoutValues(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const state = sqlStateOf(error);
  const cause = new Error(isAboutInput(state) ? `SQLSTATE ${state}` : error.message);
  cause.name = error.name;
  const code = state ?? ("code" in error ? error.code : undefined);
  return Object.assign(cause, code === undefined ? {} : { code });
}

/**
 * Turns what pg throws into an error of the taxonomy; the only place that reads SQLSTATE for it.
 * @param fate what is known of the call if the connection is lost during it
 * @param keepsOwnOnly of the statement: then a constraint did not refuse what the caller brought
 */
export function translateError(error: unknown, fate: WriteFate, keepsOwnOnly = false): TurnkeepError {
  if (isTurnkeepError(error)) return error;
  const state = sqlStateOf(error);
  const cause = withoutValues(error);
  if (isAboutInput(state) && !(keepsOwnOnly && isConstraint(state))) {
    const issues = [`Postgres refuses a value (SQLSTATE ${state})`];
    return new TurnkeepError("InvalidInput", "Postgres cannot store a value that was given", { issues }, { cause });
  }
  if (isAboutConnection(state)) {
    const isMistake = error instanceof TypeError || error instanceof ReferenceError;
    return unavailable(
      isMistake ? "this process failed in a call to Postgres" : "Postgres did not answer",
      fate,
      cause,
    );
  }
  return unavailable(`Postgres refused a statement (SQLSTATE ${state})`, "notDone", cause, troubleOf(state));
}

export function unavailable(
  message: string,
  fate: WriteFate,
  cause?: Error,
  reason: Trouble = "away",
): TurnkeepError<"StoreUnavailable"> {
  return new TurnkeepError("StoreUnavailable", message, { fate, reason }, cause && { cause });
}

/** Too many calls at once wait for this process's connections: Postgres itself may do well. */
export function connectionsInUse(): TurnkeepError<"StoreUnavailable"> {
  return unavailable("all connections to Postgres are in use", "notDone", undefined, "busy");
}

export function aborted(fate: WriteFate): TurnkeepError<"Aborted"> {
  return new TurnkeepError("Aborted", "the caller's signal fired", { fate });
}

export function misconfigured(message: string, error?: unknown): TurnkeepError<"Misconfigured"> {
  const cause = withoutValues(error);
  return new TurnkeepError("Misconfigured", message, {}, cause && { cause });
}

export function invalidInput(message: string, issue: string): TurnkeepError<"InvalidInput"> {
  return new TurnkeepError("InvalidInput", message, { issues: [issue] });
}
