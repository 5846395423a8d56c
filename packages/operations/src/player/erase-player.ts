import { type GameId, type Outcome, type PlayerId, TurnkeepError } from "@turnkeep/core";
import type { Cache, OwnTransactionOptions, Store, StoredReplay } from "@turnkeep/core/ports";
import { activeIdsOf, type PlayerStores } from "./export-player.js";
import { type Pseudonym, pseudonymise } from "./pseudonymise.js";

export interface EraseStores {
  readonly cache: Pick<Cache, "evict">;
  readonly store: Pick<Store, "listActive" | "listHistory" | "readReplay"> &
    Pick<PlayerStores["store"], "quarantinedOf"> & {
      renameInGame(game: StoredReplay, renaming: Renaming, options?: OwnTransactionOptions): Promise<void>;
      renameInGone(renaming: Renaming, options?: OwnTransactionOptions): Promise<void>;
    };
  /** Ends a game as a manager does. */
  endGame(gameId: GameId): Promise<unknown>;
}

interface Renaming {
  readonly from: PlayerId;
  readonly to: PlayerId;
}

export interface EraseOptions {
  /** End the games that are not over, without a winner, instead of refusing. @default false */
  readonly endLive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `refused`: nothing was changed, since these games are not over. */
export type EraseResult =
  | { readonly kind: "refused"; readonly live: readonly GameId[]; readonly quarantined: readonly GameId[] }
  | { readonly kind: "erased"; readonly ended: number; readonly games: number };

/**
 * Takes a person out of all that is kept: id and name give way to a pseudonym in history, replays and tombstones, and
 * copies that were left in the cache go. The games of the others stay whole. A game that is not over is never changed
 * under its players: it has to be over first, or is ended by this call; what is quarantined has to be decided about.
 * An interrupted run is repeated with the same pseudonym. The person must not begin games meanwhile.
 * @throws InvalidInput for a pseudonym that holds the id; StoreUnavailable, CacheUnavailable, Aborted
 */
export async function erasePlayer(
  { cache, store, endGame }: EraseStores,
  who: Pseudonym,
  { endLive = false, signal }: EraseOptions = {},
): Promise<EraseResult> {
  const { playerId, pseudonym } = who;
  if (pseudonym.includes(playerId)) {
    throw new TurnkeepError("InvalidInput", "the pseudonym must not hold the id", { issues: ["pseudonym"] });
  }
  const live: GameId[] = [];
  for await (const gameId of activeIdsOf(store, playerId, signal)) live.push(gameId);
  const quarantined = await store.quarantinedOf(playerId, { signal });
  if (quarantined.length > 0 || (live.length > 0 && !endLive)) return { kind: "refused", live, quarantined };
  for (const gameId of live) await endGame(gameId);
  const renaming = { from: playerId, to: pseudonym };
  let games = 0;
  for (;;) {
    // What is renamed is no longer listed, so the first page is always the next one.
    const { items } = await store.listHistory(playerId, {}, { signal });
    if (items.length === 0) break;
    for (const { gameId } of items) {
      const game = await store.readReplay(gameId, { signal });
      if (game === null) continue;
      await cache.evict(gameId, undefined, { signal });
      await store.renameInGame(withPseudonym(game, who), renaming, { signal });
      games += 1;
    }
  }
  await store.renameInGone(renaming, { signal });
  return { kind: "erased", ended: live.length, games };
}

function withPseudonym({ record, replay, metadata }: StoredReplay, who: Pseudonym): StoredReplay {
  const outcome = JSON.parse(pseudonymise(JSON.stringify(record.outcome), who)) as Outcome;
  return {
    record: { ...record, outcome },
    replay: pseudonymise(replay, who),
    metadata: metadata === null ? null : pseudonymise(metadata, who),
  };
}
