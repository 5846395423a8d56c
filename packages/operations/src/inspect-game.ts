import { assertGameId, type GameId } from "@turnkeep/core";
import type { Cache, CopyFacts, Store, StoredFacts } from "@turnkeep/core/ports";

/** What one side has of a game, or why that is not known. */
export type Side<Facts> =
  /** `facts` is `null` where the side has nothing of it; `nowMs` is the time of the side's own clock. */
  { readonly facts: Facts | null; readonly nowMs: number } | { readonly error: Error };

/** One game on both sides. */
export interface GameInspection {
  readonly gameId: GameId;
  readonly cache: Side<CopyFacts>;
  readonly store: Side<StoredFacts>;
}

export interface InspectGameOptions {
  /** Also the states. @default false */
  readonly states?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is inspected: started ports, or the errors that kept them from starting. */
export interface InspectedSides {
  readonly cache: Pick<Cache, "inspect" | "now"> | Error;
  readonly store: Pick<Store, "inspect" | "now"> | Error;
}

/**
 * What cache and store have of a game. Changes nothing: no fence is drawn, no load begins, no mark is set. A side that
 * does not answer is reported as that, beside what the other one has.
 * @throws InvalidGameId
 */
export async function inspectGame(
  { cache, store }: InspectedSides,
  gameId: GameId,
  { states = false, signal }: InspectGameOptions = {},
): Promise<GameInspection> {
  const ids = [assertGameId(gameId)];
  const [ofCache, ofStore] = await Promise.all([
    sideOf(cache, (port) => Promise.all([port.inspect(ids, { states, signal }), port.now({ signal })])),
    sideOf(store, (port) => Promise.all([port.inspect(ids, { states, signal }), port.now({ signal })])),
  ]);
  return { gameId, cache: ofCache, store: ofStore };
}

/** The newest state that the sides have: the copy's if it is served, else the row's; `null` if there is none. */
export function newestState({ cache, store }: GameInspection): string | null {
  const copy = "facts" in cache ? cache.facts : null;
  const row = "facts" in store ? (store.facts?.row ?? null) : null;
  return (copy?.served ? copy.state : null) ?? row?.state ?? copy?.state ?? null;
}

async function sideOf<Facts, Port extends object>(
  port: Port | Error,
  ask: (port: Port) => Promise<readonly [readonly Facts[], number]>,
): Promise<Side<Facts>> {
  if (port instanceof Error) return { error: port };
  try {
    const [[facts = null], nowMs] = await ask(port);
    return { facts, nowMs };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
