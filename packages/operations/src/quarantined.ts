import { createCodec, type GameDefinition, type GameId, isTurnkeepError, type Version } from "@turnkeep/core";
import type { QuarantinedGame, RowFacts, Store, StoredFacts, StoredStatus, UnflushedCopy } from "@turnkeep/core/ports";
import { largestStateBytes } from "./history/read-replay.js";
import { type ListOptions, storedPages } from "./list-games.js";
import { readDocument } from "./read-document.js";

/** A quarantined game, and what a retry would bring back. */
export interface QuarantineDetails {
  readonly game: QuarantinedGame;
  /** The whole copy that the store could not keep; `null` where the row's own document was unreadable. */
  readonly copy: UnflushedCopy | null;
  /** Why the document that a retry would bring back cannot be read by this process; `null` if it can. */
  readonly unreadable: string | null;
}

/**
 * What became of a retry. `unreadable`: this process cannot read the document; `refused`: the store still cannot keep it;
 * `movedOn`: another process took the game out of quarantine, or the row has what the copy lacks.
 */
export type RetryResult =
  | { readonly kind: "released"; readonly version: Version }
  | { readonly kind: "unreadable" | "refused"; readonly reason: string }
  | { readonly kind: "movedOn" }
  | { readonly kind: "notQuarantined"; readonly status: StoredStatus };

export interface RetryOptions {
  /** Brings back what the row has, without the copy that could not be stored: its unflushed writes are lost. @default false */
  readonly rowOnly?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is stored of a quarantined game. */
export type QuarantinedFacts = StoredFacts & { readonly row: RowFacts };

const isQuarantined = (facts: StoredFacts): facts is QuarantinedFacts =>
  facts.status === "quarantined" && facts.row !== null;

/**
 * What is stored of the quarantined games, by id, in memory that does not grow with the number of games.
 * @throws StoreUnavailable, Aborted
 */
export async function* listQuarantined(
  store: Pick<Store, "inspect">,
  options: ListOptions = {},
): AsyncGenerator<QuarantinedFacts> {
  for await (const page of storedPages(store, options)) yield* page.filter(isQuarantined);
}

/** What is known of a quarantined game; `null` for every other game. Changes nothing. @throws StoreUnavailable */
export async function quarantineDetails<State extends object>(
  store: Pick<Store, "readQuarantined">,
  definition: GameDefinition<State, unknown>,
  gameId: GameId,
  { rowOnly = false, signal }: RetryOptions = {},
): Promise<QuarantineDetails | null> {
  const game = await store.readQuarantined(gameId, { signal });
  if (game === null) return null;
  const copy = rowOnly ? null : copyIn(game);
  return { game, copy, unreadable: whyUnreadable(definition, gameId, copy?.state ?? game.state) };
}

/**
 * Takes a game out of quarantine, with what was quarantined, if this process can read it and the store can keep it now.
 * One transaction does it, and compares version and fence first: what is newer stays. The game's next touch loads it.
 * @throws InvalidGameId, StoreUnavailable
 */
export async function retryQuarantined<State extends object>(
  store: Pick<Store, "readQuarantined" | "release" | "status">,
  definition: GameDefinition<State, unknown>,
  gameId: GameId,
  options: RetryOptions = {},
): Promise<RetryResult> {
  const { signal } = options;
  const details = await quarantineDetails(store, definition, gameId, options);
  if (details === null) return { kind: "notQuarantined", status: await store.status(gameId, { signal }) };
  const { game, copy, unreadable } = details;
  if (unreadable !== null) return { kind: "unreadable", reason: unreadable };
  try {
    const isReleased = await store.release(game, copy, { signal });
    return isReleased ? { kind: "released", version: copy?.version ?? game.version } : { kind: "movedOn" };
  } catch (error) {
    if (isTurnkeepError(error, "InvalidInput")) return { kind: "refused", reason: error.message };
    throw error;
  }
}

/** The copy that a flush quarantined: all that the cache had of the game, as JSON. */
function copyIn({ gameId, kept }: QuarantinedGame): UnflushedCopy | null {
  try {
    const copy: unknown = JSON.parse(new TextDecoder().decode(kept));
    return isCopyOf(copy, gameId) ? copy : null;
  } catch {
    return null;
  }
}

function isCopyOf(value: unknown, gameId: GameId): value is UnflushedCopy {
  if (typeof value !== "object" || value === null) return false;
  const { version, fence, base, state, entries, gameId: of } = value as Partial<Record<keyof UnflushedCopy, unknown>>;
  return (
    of === gameId && [version, fence, base, state].every((one) => typeof one === "string") && Array.isArray(entries)
  );
}

function whyUnreadable<State extends object>(
  definition: GameDefinition<State, unknown>,
  gameId: GameId,
  text: string | null,
): string | null {
  if (text === null) return "there is no document";
  const codec = createCodec(definition, { maxStateBytes: largestStateBytes });
  const read = readDocument(codec, definition, gameId, text);
  return "unreadable" in read ? read.unreadable : null;
}
