import { type GameId, TurnkeepError } from "@turnkeep/core";
import type { CopyWithOrigin, OwnTransactionOptions, Store, StoredReplay } from "@turnkeep/core/ports";
import { type ExportLine, readLine } from "./line.js";

export interface ImportedStore extends Pick<Store, "recreate" | "setMetadata"> {
  importHistory(game: StoredReplay, options?: OwnTransactionOptions): Promise<boolean>;
}

export interface ImportOptions {
  /** The game that the store is to keep. */
  readonly game: string;
  /** Lines that an earlier run has imported. @default 0 */
  readonly skipLines?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one line. `there`: its id is or was in use, and nothing was changed. */
export interface ImportedLine {
  /** From 1. */
  readonly line: number;
  readonly gameId: GameId;
  readonly kind: "game" | "history" | "quarantined";
  readonly result: "imported" | "there" | "left out";
}

const atOnce = 8;

/**
 * Brings the games of an export into a store, a few at once, in memory that does not grow with their number. A game whose
 * id is or was in use stays as it is, whatever the file has of it, so nothing newer is ever overwritten, and a run can be
 * repeated. Quarantined games are left out. Cached copies are made by the games' first touch.
 * @throws InvalidInput that names the line; StoreUnavailable, Aborted. What was reported before is imported
 */
export async function* importGames(
  store: ImportedStore,
  lines: AsyncIterable<string>,
  { game, skipLines = 0, signal }: ImportOptions,
): AsyncGenerator<ImportedLine> {
  let number = 0;
  let waiting: { readonly number: number; readonly line: GameLine }[] = [];
  const importWaiting = async () => {
    const some = waiting;
    waiting = [];
    return Promise.all(some.map(({ number, line }) => importLine(store, line, number, signal)));
  };
  for await (const text of lines) {
    number += 1;
    if (text.trim() === "" || (number > 1 && number <= skipLines)) continue;
    const line = readLine(text, number);
    if (number === 1) assertHeader(line, game);
    else if (line.kind === "header") throw refused(number, "is a second header");
    else waiting.push({ number, line });
    if (waiting.length === atOnce) yield* await importWaiting();
  }
  yield* await importWaiting();
}

type GameLine = Exclude<ExportLine, { readonly kind: "header" }>;

function assertHeader(line: ExportLine, game: string): void {
  if (line.kind !== "header") throw refused(1, "is no header");
  if (line.game !== game) throw refused(1, `is the header of "${line.game}", and the games here are of "${game}"`);
}

const refused = (number: number, why: string) =>
  new TurnkeepError("InvalidInput", `line ${number} ${why}`, { issues: [`line ${number}`] });

async function importLine(
  store: ImportedStore,
  line: GameLine,
  number: number,
  signal: AbortSignal | undefined,
): Promise<ImportedLine> {
  const { kind } = line;
  if (kind === "quarantined") return { line: number, gameId: line.gameId, kind, result: "left out" };
  const gameId = kind === "game" ? line.copy.gameId : line.record.gameId;
  const isNew =
    kind === "game"
      ? await store.recreate(withoutLineage(line.copy), { signal })
      : await store.importHistory(line, { signal });
  if (isNew && kind === "game" && line.metadata !== null) {
    await store.setMetadata(gameId, { base: "0", metadata: line.metadata });
  }
  return { line: number, gameId, kind, result: isNew ? "imported" : "there" };
}

/** The row stands alone: what its lineage grew from is not in this store. */
const withoutLineage = (copy: CopyWithOrigin): CopyWithOrigin => ({ ...copy, base: copy.version });
