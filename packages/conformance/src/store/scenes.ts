import type { GameId } from "@turnkeep/core";
import type {
  ActiveGame,
  FlushItem,
  GameHistoryRecord,
  NewGame,
  Page,
  PageRequest,
  Store,
  StoredStatus,
  UnflushedCopy,
} from "@turnkeep/core/ports";
import { above, createdBy, installed, newGameId, newGameOf, nextOf, rowIn, sealedOf, version } from "../fixtures.js";

/* Games in a store, in the states that the tests begin with. */

export async function createGame(store: Store, changes: Partial<NewGame> = {}): Promise<ActiveGame> {
  return createdBy(await store.create(newGameOf(changes.gameId ?? newGameId(), changes)));
}

export async function readGame(store: Store, gameId: GameId): Promise<ActiveGame> {
  return rowIn(await store.read(gameId));
}

/** A freshly fenced row as the cache serves it: its lineage is the fence. */
export async function loadGame(store: Store, gameId: GameId): Promise<ReturnType<typeof installed>> {
  return installed(rowIn(await store.load(gameId)));
}

/** What a cache would flush after so many more writes, with an entry for each. */
export function afterWrites(row: ActiveGame | UnflushedCopy, writes: number, changes: Partial<FlushItem> = {}) {
  const [lineage = "", revision = ""] = row.version.split(".");
  const made = version(`${lineage}.${above(revision, writes)}`);
  const entries = Array.from({ length: writes }, (_, n) => entry(row.logCount + 1 + n));
  return nextOf(row, { version: made, logCount: row.logCount + writes, entries, ...changes });
}

/** The entry with this number, as these scenes write it. */
export const entry = (seq: number): string => `{"entry":${seq}}`;

/** Writes the copy, which the row allows. */
export async function flushed<Copy extends FlushItem>(store: Store, copy: Copy): Promise<Copy> {
  const [outcome] = await store.flush([copy]);
  if (outcome?.kind !== "written") throw new Error(`the flush was answered with ${outcome?.kind}`);
  return copy;
}

/** Seals and archives a game that is as this row says. */
export async function archived(
  store: Store,
  row: ActiveGame | UnflushedCopy,
  changes: Partial<FlushItem> = {},
): Promise<GameHistoryRecord> {
  const reply = await store.archive({ copy: sealedOf(row, changes) });
  if (reply.kind !== "archived") throw new Error(`the archive was answered with ${reply.kind}`);
  return reply.record;
}

/** A game that has come to this status, with the last copy that a cache had of it. */
export async function gameThatIs(
  status: Exclude<StoredStatus, "missing">,
  store: Store,
  changes: Partial<NewGame> = {},
): Promise<FlushItem> {
  const game = await createGame(store, changes);
  const copy = await flushed(store, status === "ended" ? sealedOf(game) : nextOf(game));
  if (status === "archived") await archived(store, copy);
  if (status === "deleted") await store.remove(game.gameId);
  if (status === "quarantined") await store.quarantine(copy, "unreadable", new Uint8Array([0]));
  return copy;
}

export const statuses = ["live", "ended", "archived", "deleted", "quarantined"] as const;

/** One game of each status, with ids beside each other. */
export async function oneOfEach(store: Store): Promise<Record<(typeof statuses)[number], GameId>> {
  const ids = neighbours(statuses.length);
  const made = await Promise.all(
    statuses.map(async (status, n) => {
      const { gameId } = await gameThatIs(status, store, { gameId: ids[n] ?? "" });
      return [status, gameId] as const;
    }),
  );
  return Object.fromEntries(made) as Record<(typeof statuses)[number], GameId>;
}

/** A finished game of which no tombstone is left. */
export async function onlyInHistory(store: Store): Promise<FlushItem> {
  const copy = await gameThatIs("archived", store);
  await store.purgeTombstones(0);
  return copy;
}

/** Ids that lie beside each other in the order of ids, as nothing else does. */
export function neighbours(count: number): GameId[] {
  const start = newGameId().slice(0, 24);
  return Array.from({ length: count }, (_, n) => `${start}${String(n).padStart(12, "0")}`);
}

/** More pages than any listing of the suite has. */
const manyPages = 2_000;

/** Walks a listing to its end. */
export async function allPages<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const items: T[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < manyPages; pages += 1) {
    const page: Page<T> = await list({ limit, after });
    if (page.items.length > limit) throw new Error("a page holds more than was asked for");
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
  throw new Error("the listing has no end");
}

/** Walks a listing by id to its end, which is the first page that is not full. */
export async function allIds(
  list: (page: { after: GameId | null; limit: number }) => Promise<readonly GameId[]>,
  limit = 100,
): Promise<GameId[]> {
  const ids: GameId[] = [];
  for (let pages = 0; pages < manyPages; pages += 1) {
    const page = await list({ after: ids.at(-1) ?? null, limit });
    ids.push(...page);
    if (page.length < limit) return ids;
  }
  throw new Error("the listing has no end");
}
