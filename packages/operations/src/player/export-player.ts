import type { GameId, PlayerId } from "@turnkeep/core";
import type { OwnTransactionOptions, Store } from "@turnkeep/core/ports";
import { type ExportedStores, exportHistory, liveLine } from "../transfer/export-games.js";
import type { ExportLine } from "../transfer/line.js";

export interface PlayerStores {
  readonly cache: ExportedStores["cache"];
  readonly store: ExportedStores["store"] &
    Pick<Store, "listActive" | "readQuarantined"> & {
      quarantinedOf(playerId: PlayerId, options?: OwnTransactionOptions): Promise<readonly GameId[]>;
    };
}

/** Ids of a player's games that are not over, the newest first. */
export async function* activeIdsOf(
  store: Pick<Store, "listActive">,
  playerId: PlayerId,
  signal?: AbortSignal,
): AsyncGenerator<GameId> {
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<Store["listActive"]>> = await store.listActive(playerId, { after }, { signal });
    for (const { gameId } of page.items) yield gameId;
    after = page.next;
    if (after === null) return;
  }
}

/**
 * All that is kept of a person: the games that are not over, with their logs; those that are quarantined, with the bytes
 * that could not be read; those in history, with their replays. A game holds what its other players did as well.
 * Changes nothing. @throws StoreUnavailable, CacheUnavailable, Aborted
 */
export async function* exportPlayer(
  stores: PlayerStores,
  playerId: PlayerId,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ExportLine> {
  const { store } = stores;
  for await (const gameId of activeIdsOf(store, playerId, signal)) {
    const line = await liveLine(stores, gameId, signal);
    // One that has ended meanwhile comes from history.
    if (line !== null) yield line;
  }
  for (const gameId of await store.quarantinedOf(playerId, { signal })) {
    const game = await store.readQuarantined(gameId, { signal });
    if (game === null) continue;
    const { version, reason, state, kept } = game;
    yield { kind: "quarantined", gameId, version, reason, state, kept: Buffer.from(kept).toString("base64") };
  }
  for await (const { line } of exportHistory(stores, { playerId, signal })) yield line;
}
