import { createCodec, type GameDefinition, type GameId, TurnkeepError, type Viewer } from "@turnkeep/core";
import type { GameHistoryRecord, Store } from "@turnkeep/core/ports";

/** A finished game, as one viewer may see it, or whole. */
export interface ShownReplay {
  readonly record: GameHistoryRecord;
  /** What the game began with, and ended with: states, or views of a viewer; `null` where history has none. */
  readonly initial: unknown;
  readonly final: unknown;
  /** The log; `null` for a viewer who did not take part. */
  readonly log: readonly unknown[] | null;
  readonly rules: unknown;
}

/** Far above what a process takes: an operator wants to see what a process refuses. */
export const largestStateBytes = 64 * 1_048_576;

/** How one game's documents are read and shown. */
export type ShownGame<State extends object = object> = GameDefinition<State, unknown>;

/**
 * A finished game's replay; `null` if history has no such game.
 * @param viewer sees what this game lets them see; `null`: everything, as it is stored
 * @throws InvalidGameId, StoreUnavailable; InvalidState, UnsupportedSchema for a state that a viewer is to see, and that
 * cannot be read
 */
export async function readReplay<State extends object>(
  store: Pick<Store, "readReplay">,
  game: ShownGame<State>,
  gameId: GameId,
  { viewer, signal }: { readonly viewer: Viewer | null; readonly signal?: AbortSignal | undefined },
): Promise<ShownReplay | null> {
  const stored = await store.readReplay(gameId, { signal });
  if (stored === null) return null;
  const { record } = stored;
  const { initialState = null, finalState = null, log = [], rules = {} } = parsed(stored.replay);
  const whole = { record, initial: initialState, final: finalState, log: Array.isArray(log) ? log : [], rules };
  if (viewer === null) return whole;
  const codec = createCodec(game, { maxStateBytes: largestStateBytes });
  const decoded = (state: unknown) => (state === null ? null : codec.decodeState(JSON.stringify(state)));
  const [first, last] = [decoded(initialState), decoded(finalState)];
  const players = last === null ? [] : game.playersOf(last);
  const took = viewer !== "spectator" && [...record.playerIds, ...players].includes(viewer.playerId);
  const view = (state: State | null) => (state === null ? null : game.viewFor(state, viewer));
  return { ...whole, initial: view(first), final: view(last), log: took ? whole.log : null };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const replay: unknown = JSON.parse(text);
    if (typeof replay === "object" && replay !== null) return replay as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the text, and with it the state.
  }
  throw new TurnkeepError("InvalidState", "the stored replay is not a JSON object", { reason: "json", path: "$" });
}
