import { type GameId, TurnkeepError } from "@turnkeep/core";
import type { CopyWithOrigin, OwnTransactionOptions, Store, StoredReplay } from "@turnkeep/core/ports";
import { batchesOf } from "../batches-of.js";
import { type ExportLine, readLine } from "./line.js";

export interface ImportedStore extends Pick<Store, "recreate"> {
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
  for await (const some of batchesOf(gameLines(lines, game, skipLines), atOnce)) {
    yield* await Promise.all(some.map(({ number, line }) => importLine(store, line, number, signal)));
  }
}

type GameLine = Exclude<ExportLine, { readonly kind: "header" }>;

async function* gameLines(
  lines: AsyncIterable<string>,
  game: string,
  skipLines: number,
): AsyncGenerator<{ readonly number: number; readonly line: GameLine }> {
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === "" || (number > 1 && number <= skipLines)) continue;
    const line = readLine(text, number);
    if (number === 1) assertHeader(line, game);
    else if (line.kind === "header") throw refused(number, "is a second header");
    else yield { number, line };
  }
}

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
      ? await store.recreate({ ...withoutLineage(line.copy), metadata: line.metadata }, { signal })
      : await store.importHistory(line, { signal });
  return { line: number, gameId, kind, result: isNew ? "imported" : "there" };
}

/** The row stands alone: what its lineage grew from is not in this store. */
const withoutLineage = (copy: CopyWithOrigin): CopyWithOrigin => ({ ...copy, base: copy.version });
