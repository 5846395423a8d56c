import { TurnkeepError } from "@turnkeep/core";
import type { Page, PageRequest } from "@turnkeep/core/ports";
import { assertWhole } from "../../../check-input.js";

export const defaultLimit = 50;
export const maxLimit = 500;

/** What a listing is ordered by: a time, newest first, then an id. */
export interface Keyed<T> {
  readonly at: number;
  readonly id: string;
  readonly item: T;
}

/** One page of a listing; the cursor is the key of its last item, so that new items shift nothing. */
export function pageOf<T>(all: readonly Keyed<T>[], { limit = defaultLimit, after = null }: PageRequest): Page<T> {
  assertWhole("limit", limit, 1);
  const cursor = after === null ? null : parseCursor(after);
  const rest = all
    .filter(({ at, id }) => cursor === null || at < cursor.at || (at === cursor.at && id < cursor.id))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const page = rest.slice(0, Math.min(limit, maxLimit));
  const last = page.at(-1);
  const next = last !== undefined && rest.length > page.length ? `${last.at}_${last.id}` : null;
  return { items: page.map(({ item }) => item), next };
}

function parseCursor(text: string): { readonly at: number; readonly id: string } {
  const [, at, id] = /^(\d{1,16})_([0-9a-f-]{36})$/.exec(text) ?? [];
  if (at === undefined || id === undefined) {
    throw new TurnkeepError("InvalidInput", "this is no cursor of a listing", { issues: ["after"] });
  }
  return { at: Number(at), id };
}
