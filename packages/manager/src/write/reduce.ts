import {
  type GameDefinition,
  isTurnkeepError,
  type JsonValue,
  type Outcome,
  TurnkeepError,
  type Version,
} from "@turnkeep/core";
import type { Context } from "../context.js";
import { gameEnded, invalidInput, isUnreadable, ofGame, revisionConflict } from "../errors.js";
import { assertRules } from "../load/decode.js";
import type { LocalCopy } from "../process/local-copies.js";

/** The next state, or with log entries; the very same state reference writes nothing. */
export type ReducerResult<State, Entry = JsonValue> = State | { readonly state: State; readonly log: readonly Entry[] };
/** What of a game decides how its state is reduced. */
export type RulesInForce = Pick<LocalCopy<unknown>, "rulesVersion">;
/** Synchronous and pure; may run more than once. The state is frozen. A throw changes nothing and reaches the caller. */
export type Reducer<State, Entry = JsonValue> = (state: State, game: RulesInForce) => ReducerResult<State, Entry>;

/** The next state, encoded and frozen, with all that a write needs to know of it. */
export interface NextState<State> {
  readonly state: State;
  readonly text: string | Uint8Array;
  readonly bytes: number;
  readonly entries: readonly string[];
  readonly turnNumber: number;
  /** The deadline, in ms of service time; `null` if there is none, and for a game that is over. */
  readonly dueAt: number | null;
  /** Set if the game is over with this state. */
  readonly outcome: Outcome | null;
  /** Whether this process's schema has passed it. */
  readonly passed: boolean;
  /** Whether the turn has changed. */
  readonly turned: boolean;
  /** Whether it is made durable: it was asked for, the turn has changed, or the game is over. */
  readonly durable: boolean;
}

/**
 * What a reducer makes of a game: something to write, nothing to do, or an error to throw. The latter two end the call
 * without a write, so the caller has to be sure that it passed the newest version.
 */
export type Decision<State> =
  | { readonly kind: "write"; readonly next: NextState<State> }
  | { readonly kind: "nothing" }
  | { readonly kind: "refuse"; readonly error: unknown };

export function decide<State extends object>(
  ctx: Context<State>,
  gameId: string,
  current: LocalCopy<State>,
  reducer: Reducer<State, unknown>,
  { expected, durable }: { readonly expected: Version | undefined; readonly durable: boolean },
): Decision<State> {
  if (expected !== undefined && current.version !== expected && current.rowVersion !== expected) {
    return { kind: "refuse", error: revisionConflict(gameId, expected, current.version) };
  }
  if (current.status === "ended") return { kind: "refuse", error: gameEnded(gameId) };
  try {
    const { rulesVersion } = current;
    assertRules(ctx, gameId, rulesVersion);
    const step = stepOf(ctx.game, gameId, reducer(current.state, { rulesVersion }));
    if (step.state === current.state && step.log.length === 0) return { kind: "nothing" };
    return {
      kind: "write",
      next: encodeNext(ctx, gameId, step.state, {
        before: current.state,
        beforePassed: current.passed,
        durable,
        log: step.log,
      }),
    };
  } catch (error) {
    return { kind: "refuse", error };
  }
}

/** Log entries of one write: all of them go to the cache as arguments of one script. */
const mostEntries = 100_000;

/**
 * Encodes a next state, with what the game's definition reads from it. By default the schema is asked, as it is when
 * the state is read from the store.
 * @param before the state that it was made from; the state itself, if it was validated
 * @param beforePassed whether this process's schema has passed it: then the schema is asked of what has changed since
 * @param durable whether the write is to be durable, also if it is no turn boundary
 * @throws InvalidState, InvalidLogEntry, StateTooLarge, UnsupportedSchema, which name the game; InvalidInput for too many log entries
 */
export function encodeNext<State extends object>(
  ctx: Context<State>,
  gameId: string,
  state: State,
  { before, beforePassed = false, durable = false, log = [] }: EncodeOptions<State>,
): NextState<State> {
  const { game, codec, settings } = ctx;
  if (log.length > mostEntries) throw invalidInput(`log: at most ${mostEntries} entries in one write`);
  try {
    const everyWrite = settings.validateWrites === "every";
    const checkSchema = everyWrite && beforePassed ? "changes" : everyWrite;
    const encode = (next: State) => ctx.localCopies.encode(gameId, next, before);
    const { text, bytes } = codec.encodeBy(encode, state, before, { checkSchema });
    if (idOf(game, state) !== gameId) {
      throw new TurnkeepError("InvalidState", "a game's id never changes", { reason: "schema", path: "$" });
    }
    game.playersOf(state);
    const outcome = game.resultOf(state);
    const turnNumber = game.turnOf(state);
    const turned = state !== before && turnNumber !== game.turnOf(before);
    const becomesDurable = durable || turned || outcome !== null;
    let passed = everyWrite || state === before;
    if (settings.validateWrites === "turns" && !passed) {
      passed = becomesDurable;
      if (passed) codec.checkSchema(state, beforePassed ? before : undefined);
    }
    const entries = log.map((entry, place) => encodeLogEntry(ctx, gameId, entry, place));
    const dueAt = outcome === null ? game.dueAt(state) : null;
    return { state, text, bytes, entries, turnNumber, dueAt, outcome, passed, turned, durable: becomesDurable };
  } catch (error) {
    throw isUnreadable(error) ? ofGame(gameId, error) : error;
  }
}

/** Each entry is written once, so that a check at turns alone would pass some by. */
function encodeLogEntry<State extends object>(
  { codec, settings }: Context<State>,
  gameId: string,
  entry: unknown,
  place: number,
): string {
  try {
    return codec.encodeEntry(entry, { checkSchema: settings.validateWrites !== "never" });
  } catch (cause) {
    if (!isTurnkeepError(cause, "InvalidState")) throw cause;
    const path = `$[${place}]${cause.details.path.slice(1)}`;
    const message = `game ${gameId}: entry ${place} of the log's new entries: ${cause.message}`;
    const { reason } = cause.details;
    throw new TurnkeepError("InvalidLogEntry", message, { reason, path, gameId }, { cause });
  }
}

interface EncodeOptions<State> {
  readonly before: State;
  readonly beforePassed?: boolean | undefined;
  readonly durable?: boolean;
  readonly log?: readonly unknown[];
}

type WithId<State extends object> = Pick<GameDefinition<State, unknown, unknown>, "idOf">;

/**
 * What a reducer has returned, as `update` understands it: `{ state, log }`, or a bare state, which may have fields of
 * these names itself. A step has exactly these two fields, the log is an array, and its state carries the game's id, which
 * the fields of a state do not. @throws InvalidInput for what is neither
 */
export function stepOf<State extends object>(
  game: WithId<State>,
  gameId: string,
  result: unknown,
): { readonly state: State; readonly log: readonly unknown[] } {
  if (typeof result !== "object" || result === null) throw invalidInput("reducer: it returned no state");
  if (typeof (result as { then?: unknown }).then === "function") throw invalidInput("reducer: it must be synchronous");
  const { state, log } = result as { state?: unknown; log?: unknown };
  const shaped = Object.keys(result).length === 2 && typeof state === "object" && state !== null && Array.isArray(log);
  if (shaped && idOf(game, state as State) === gameId) return { state: state as State, log };
  return { state: result as State, log: [] };
}

function idOf<State extends object>(game: WithId<State>, state: State): unknown {
  try {
    return game.idOf(state);
  } catch (error) {
    if (isTurnkeepError(error)) throw error;
    return undefined;
  }
}
