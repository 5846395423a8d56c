import { compareVersions, type GameId, isCanonicalUuid, lineageOf, type PlayerId, TurnkeepError } from "@turnkeep/core";
import type { ActiveGame, Cache, CopyWithOrigin, EntryText, Store } from "@turnkeep/core/ports";
import type { ExportLine } from "./line.js";

export interface ExportedStores {
  readonly cache: Pick<Cache, "claimGame">;
  readonly store: Pick<Store, "listIds" | "listHistory" | "read" | "readLog" | "readReplay">;
}

export interface ExportOptions {
  /** Where an earlier run left off. */
  readonly cursor?: string | null | undefined;
  /** @default 100 */
  readonly pageGames?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExportedGame {
  readonly line: ExportLine;
  /** Where another run goes on; the games of a page share it, so that a few may come again. */
  readonly cursor: string;
}

/** So many entries of a log are read at once. */
const logPage = 500;
/** Games that are read side by side. */
const atOnce = 8;

/**
 * The games that are not over, by id, each as it is at one moment, with what Redis has and Postgres lacks; then those in
 * history, the newest first, with their replays. Quarantined games are left out. In memory that does not grow with their
 * number, while servers play on; a game that ends meanwhile comes from history, or twice. Changes no game.
 * @throws InvalidInput for a cursor that is none; StoreUnavailable, CacheUnavailable, Aborted
 */
export async function* exportGames(stores: ExportedStores, options: ExportOptions = {}): AsyncGenerator<ExportedGame> {
  const { pageGames = 100, signal } = options;
  const start = placeOf(options.cursor ?? null);
  for (let after = start.phase === "games" ? start.after : undefined; after !== undefined; ) {
    const cursor = `games:${after ?? ""}`;
    const gameIds = await stores.store.listIds("active", { after, limit: pageGames }, { signal });
    for await (const line of linesOf(gameIds, (gameId) => liveLine(stores, gameId, signal))) yield { line, cursor };
    after = gameIds.length < pageGames ? undefined : gameIds.at(-1);
  }
  yield* exportHistory(stores, { ...options, playerId: null, after: start.phase === "history" ? start.after : null });
}

export interface ExportHistoryOptions extends Omit<ExportOptions, "cursor"> {
  /** `null`: everybody's. */
  readonly playerId: PlayerId | null;
  readonly after?: string | null | undefined;
}

/** Finished games, the newest first. @throws StoreUnavailable, Aborted, InvalidInput */
export async function* exportHistory(
  { store }: Pick<ExportedStores, "store">,
  { playerId, after: first = null, pageGames = 100, signal }: ExportHistoryOptions,
): AsyncGenerator<ExportedGame> {
  for (let after: string | null | undefined = first; after !== undefined; ) {
    const cursor = `history:${after ?? ""}`;
    const page: Awaited<ReturnType<Store["listHistory"]>> = await store.listHistory(
      playerId,
      { after, limit: pageGames },
      { signal },
    );
    const gameIds = page.items.map(({ gameId }) => gameId);
    for await (const line of linesOf(gameIds, (gameId) => finishedLine(store, gameId, signal))) yield { line, cursor };
    after = page.next ?? undefined;
  }
}

/** @throws InvalidInput */
function placeOf(cursor: string | null): { readonly phase: "games" | "history"; readonly after: string | null } {
  const [, phase, after = ""] = /^(games|history):(.*)$/.exec(cursor ?? "games:") ?? [];
  const isPlace = phase === "history" || (phase === "games" && (after === "" || isCanonicalUuid(after)));
  if (isPlace) return { phase, after: after === "" ? null : after };
  throw new TurnkeepError("InvalidInput", "this is no cursor of an export", { issues: ["cursor"] });
}

async function* linesOf(
  gameIds: readonly GameId[],
  lineOf: (gameId: GameId) => Promise<ExportLine | null>,
): AsyncGenerator<ExportLine> {
  for (let next = 0; next < gameIds.length; next += atOnce) {
    const lines = await Promise.all(gameIds.slice(next, next + atOnce).map(lineOf));
    yield* lines.filter((line) => line !== null);
  }
}

/** A finished game; `null` if there is none. */
async function finishedLine(
  store: ExportedStores["store"],
  gameId: GameId,
  signal?: AbortSignal,
): Promise<ExportLine | null> {
  const found = await store.readReplay(gameId, { signal });
  return found && { kind: "history", ...found };
}

/** A game that is not over; `null` if it is over by now, or quarantined. */
export async function liveLine(
  { cache, store }: ExportedStores,
  gameId: GameId,
  signal?: AbortSignal,
): Promise<ExportLine | null> {
  // The copy comes first: a flush in between leaves the row with more, never with less.
  const copy = await cache.claimGame(gameId, { onlyDirty: true }, { signal });
  const reply = await store.read(gameId, { signal });
  if (reply.kind !== "row") return null;
  const { game: row } = reply;
  const isAhead =
    copy !== null &&
    lineageOf(copy.version) === lineageOf(row.version) &&
    compareVersions(copy.version, row.version) > 0;
  const newest = isAhead ? copy : { ...row, base: row.version, entries: [] };
  const stored = await readWhole(store, gameId, signal);
  for (const [place, entry] of newest.entries.entries()) {
    stored.set(newest.logCount - newest.entries.length + 1 + place, entry);
  }
  const whole = withOrigin(row, newest, lastWithoutGap(stored, newest.logCount));
  return { kind: "game", copy: whole, metadata: row.metadata };
}

async function readWhole(
  store: ExportedStores["store"],
  gameId: GameId,
  signal: AbortSignal | undefined,
): Promise<Map<number, EntryText>> {
  const whole = new Map<number, EntryText>();
  for (let from = 0; ; ) {
    const page = await store.readLog(gameId, { from, limit: logPage }, { signal });
    for (const { seq, entry } of page) whole.set(seq, entry);
    const last = page.at(-1);
    if (last === undefined || page.length < logPage) return whole;
    from = last.seq + 1;
  }
}

/** The entries up to this number, as far back as none is missing. */
function lastWithoutGap(entries: ReadonlyMap<number, EntryText>, logCount: number): readonly EntryText[] {
  const kept: EntryText[] = [];
  for (let seq = logCount; seq >= 0; seq -= 1) {
    const entry = entries.get(seq);
    if (entry === undefined) break;
    kept.push(entry);
  }
  return kept.reverse();
}

function withOrigin(
  { gameType, playerIds, npcId, rules, rulesVersion, startedAt }: ActiveGame,
  newest: Omit<CopyWithOrigin, "origin" | "entries">,
  entries: readonly EntryText[],
): CopyWithOrigin {
  const { gameId, status, version, fence, base, state, schemaVersion, turnNumber, dueAt } = newest;
  const { logCount, writeIds, outcome, lastActionAt } = newest;
  const facts = { gameId, status, version, fence, base, state, schemaVersion, turnNumber, dueAt };
  const origin = { gameType, playerIds, npcId, rules, rulesVersion, startedAt };
  return { ...facts, logCount, writeIds, outcome, lastActionAt, origin, entries };
}
