import { type JsonValue, TurnkeepError } from "@turnkeep/core";
import type { GameHistoryRecord } from "@turnkeep/core/ports";
import type { Context, StoreOptions } from "../context.js";
import { readDocument } from "../load/decode.js";

/** A finished game's replay as it is; states that history does not have are `null`. */
export interface ReplayStates<State> {
  readonly record: GameHistoryRecord;
  readonly initialState: State | null;
  readonly finalState: State | null;
  readonly log: readonly JsonValue[];
  readonly rules: JsonValue;
}

/** Reads and decodes a finished game's replay, with every check; `null` if history has none. */
export async function readReplayStates<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<ReplayStates<State> | null> {
  const stored = await ctx.store.readReplay(gameId, { signal, transaction });
  if (stored === null) return null;
  const replay = parseReplay(stored.replay);
  const decode = (state: unknown) =>
    state === null || state === undefined
      ? null
      : readDocument(ctx, gameId, () => ctx.codec.decodeState(JSON.stringify(state)));
  return {
    record: stored.record,
    initialState: decode(replay.initialState),
    finalState: decode(replay.finalState),
    log: Array.isArray(replay.log) ? (replay.log as JsonValue[]) : [],
    rules: (replay.rules ?? {}) as JsonValue,
  };
}

/** @throws InvalidState if it is no JSON object */
export function parseReplay(text: string): Record<string, unknown> {
  try {
    const replay: unknown = JSON.parse(text);
    if (typeof replay === "object" && replay !== null) return replay as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the text, and with it the state.
  }
  throw new TurnkeepError("InvalidState", "a stored replay is not a JSON object", { reason: "json", path: "$" });
}
