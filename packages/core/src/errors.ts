/**
 * The error taxonomy. Errors differ by `code`, never by `instanceof`: an ESM and a CommonJS copy of this
 * module may meet in one process, and then the same class exists twice.
 */

/**
 * Why a store or a cache could not do it. `away`: it does not answer. `refused`: it answers, and cannot do this for any
 * game now (no memory, no disk, read only). `busy`: a store answered, and could not do this in time, for a lock, a deadlock
 * or its own time limit; other games may pass.
 */
export type Trouble = "away" | "refused" | "busy";

/** What is known of a write that failed: nothing happened, or it is not known yet (retry with the same write id). */
export type WriteFate = "notDone" | "unknown";

/** Why a state was refused: the part of the input table that it broke; `definition`: the game's definition is wrong. */
export type InvalidStateReason =
  | "unicode"
  | "nul"
  | "number"
  | "key"
  | "depth"
  | "size"
  | "type"
  | "json"
  | "schema"
  | "definition";

/** The data that each error carries, by its code. */
export interface ErrorDetails {
  /** The id is not a canonical lower-case UUID. */
  InvalidGameId: Record<never, never>;
  /** An argument other than the state is unsound; `issues` says which and why, never with secret values. */
  InvalidInput: { issues: readonly string[] };
  /**
   * The state would change on its way through JSON, or breaks its schema. `path` is a JSON path without values. Here and
   * in the next two, `gameId` is set if it is a game's own document that this process cannot read, or its rules made.
   */
  InvalidState: { reason: InvalidStateReason; path: string; gameId?: string };
  /**
   * A log entry would change on its way through JSON, or breaks the definition's `logEntry`. `path` is a JSON path in the
   * entries of the write, without values.
   */
  InvalidLogEntry: { reason: InvalidStateReason; path: string; gameId: string };
  StateTooLarge: { bytes: number; maxBytes: number; gameId?: string };
  UnsupportedSchema: { found: number | null; supported: number; gameId?: string };
  /**
   * The game began under rules that this process's definition does not play: it plays the versions from `oldest` to
   * `newest`. Nothing was changed, and a process that has them can go on.
   */
  UnsupportedRules: { gameId: string; found: number; oldest: number; newest: number };
  /** Another write came first. Both are wire versions; `null` where there is none. */
  RevisionConflict: { gameId: string; expected: string | null; actual: string | null };
  GameNotFound: { gameId: string };
  /** A write after the end; the game is ended or archived. */
  GameEnded: { gameId: string };
  /** A write to a deleted game. */
  GameGone: { gameId: string };
  /** The stored document could not be read; an operator decides. */
  GameQuarantined: { gameId: string; quarantineReason: string | null };
  /** A copy in the cache has no row in the store: kept, and an alarm. */
  GameOrphaned: { gameId: string };
  /** Too much is waiting for the store; try again after `retryAfterMs`. New games are refused before writes are. */
  Backpressure: { what: "newGames" | "writes"; retryAfterMs: number };
  /** `reason` is `away` where it is not given. */
  StoreUnavailable: { fate: WriteFate; reason?: Trouble };
  CacheUnavailable: { fate: WriteFate; reason?: Trouble };
  /** The caller's AbortSignal fired. An aborted write is `unknown`. */
  Aborted: { fate: WriteFate };
  /** A start-up check failed: the message says what to change. */
  Misconfigured: Record<never, never>;
  /** The manager, cache or store is used before `start()` or after `close()`. */
  NotRunning: Record<never, never>;
  /** The rules refuse this action now. */
  IllegalAction: { reason: string };
  NotYourTurn: Record<never, never>;
  /** Not a participant of this game, or not allowed to see this. */
  Forbidden: Record<never, never>;
}

export type ErrorCode = keyof ErrorDetails;

/** Every error that Turnkeep throws on purpose. Neither the message nor the details hold game states or secrets. */
export class TurnkeepError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "TurnkeepError";
  readonly code: C;
  readonly details: Readonly<ErrorDetails[C]>;

  constructor(code: C, message: string, details: ErrorDetails[C], options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/**
 * True for an error of this taxonomy, also one from another copy of this package.
 * @param code narrows to one code
 */
export function isTurnkeepError<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is TurnkeepError<C> {
  if (!(error instanceof Error) || error.name !== "TurnkeepError" || !("code" in error)) return false;
  return code === undefined || error.code === code;
}
