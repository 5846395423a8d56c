import { assertGameId, type GameId } from "@turnkeep/core";
import type { Page } from "@turnkeep/core/ports";
import { invalidInput } from "../../errors.js";

/** The position of a game in a listing by time, newest first. */
export interface Place {
  /** ISO time in UTC with microseconds. */
  readonly time: string;
  readonly gameId: GameId;
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Opaque text for callers, who send it back unchanged. */
export function encodeCursor({ time, gameId }: Place): string {
  return Buffer.from(`${time} ${gameId}`).toString("base64url");
}

/** @throws InvalidInput for anything that `encodeCursor` did not make */
export function decodeCursor(cursor: string): Place {
  const [time = "", gameId = "", rest] = Buffer.from(String(cursor), "base64url").toString().split(" ");
  try {
    if (rest !== undefined || !timePattern.test(time) || Number.isNaN(Date.parse(time))) throw new Error("no place");
    const place = { time, gameId: assertGameId(gameId) };
    if (encodeCursor(place) !== cursor) throw new Error("another spelling");
    return place;
  } catch {
    throw invalidInput("the cursor is not one of a page before", "after");
  }
}

/** A page of at most `limit` items out of rows that were asked for one more, which shows whether there is a next page. */
export function toPage<Row, Item extends { gameId: GameId }>(
  rows: readonly (Row & { cursor_time: string })[],
  limit: number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const items = shown.map(toItem);
  const [lastRow, lastItem] = [shown.at(-1), items.at(-1)];
  const more = rows.length > limit && lastRow && lastItem;
  return { items, next: more ? encodeCursor({ time: lastRow.cursor_time, gameId: lastItem.gameId }) : null };
}
