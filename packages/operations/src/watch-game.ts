import type { GameId } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { type FollowOptions, looksAt } from "./follow.js";
import { type GameInspection, type InspectedSides, inspectGame, type Side } from "./inspect-game.js";

export interface WatchedSides extends InspectedSides {
  readonly cache: Pick<Cache, "inspect" | "now" | "subscribe">;
  readonly store: Pick<Store, "inspect" | "now">;
}

export interface WatchGameOptions extends FollowOptions {
  /** Also the states. @default false */
  readonly states?: boolean | undefined;
}

/**
 * What both sides have of a game, at once and after each change of a version, a status or a mark, until the signal fires
 * or the game is nowhere but in history. Changes nothing. A side that does not answer is reported as that, and asked
 * again. Versions that follow each other fast are reported as one change.
 * @throws InvalidGameId; CacheUnavailable if it is away at the beginning
 */
export async function* watchGame(
  sides: WatchedSides,
  gameId: GameId,
  { states, ...options }: WatchGameOptions = {},
): AsyncGenerator<GameInspection> {
  let before: string | null = null;
  for await (const _look of looksAt(sides.cache, gameId, options)) {
    const seen = await inspectGame(sides, gameId, { states, signal: options.signal });
    if (options.signal?.aborted) return;
    const now = standing(seen);
    if (now !== before) yield seen;
    before = now;
    if (isOver(seen)) return;
  }
}

/** What a reader wants to learn of; times are no change. */
function standing({ cache, store }: GameInspection): string {
  const of = <Facts extends { version: unknown; status: unknown }>(
    side: Side<Facts>,
    more: (facts: Facts) => unknown,
  ) => ("error" in side ? side.error.message : side.facts && [side.facts.version, side.facts.status, more(side.facts)]);
  return JSON.stringify([
    of(cache, ({ served, dirty, logCount }) => [served, dirty, logCount]),
    of(store, ({ inHistory }) => inHistory),
  ]);
}

function isOver({ cache, store }: GameInspection): boolean {
  if ("error" in cache || "error" in store) return false;
  const status = store.facts?.status;
  return cache.facts === null && (status === undefined || status === "archived" || status === "deleted");
}
