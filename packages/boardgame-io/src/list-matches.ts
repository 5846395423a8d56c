import type { JsonValue } from "@turnkeep/core";
import type { Page, PageRequest } from "@turnkeep/core/ports";
import type { StorageAPI } from "boardgame.io";
import { field } from "./match-game.js";
import { labels, matchIdOf } from "./match-id.js";
import type { Manager, Matches } from "./matches.js";

/** What a list says of a match; `endReason` is `null` while it is played. */
interface Listed {
  readonly matchId: string;
  readonly endReason: string | null;
  readonly isNamed: boolean;
}

const pageSize = 200;
const readsAtOnce = 8;

/**
 * Ids of the matches that pass, those in history among them. Only matches with metadata are listed. What the record does
 * not say is read from each match: when it was updated, and whether it is over.
 */
export async function listMatches(
  manager: Manager,
  matches: Matches,
  { gameName, where = {} }: StorageAPI.ListMatchesOpts = {},
): Promise<string[]> {
  const found = new Set<string>();
  const passes = (metadata: JsonValue | undefined) => metadata !== undefined && passesAll(metadata, gameName, where);
  const readsMatch = where.updatedBefore !== undefined || where.updatedAfter !== undefined;

  const check = async ({ matchId, endReason, isNamed }: Listed): Promise<void> => {
    if (endReason === "gameover" && where.isGameover === false) return;
    const isKnown = isNamed && !readsMatch && (where.isGameover === undefined || endReason === "gameover");
    if (isKnown) {
      found.add(matchId);
      return;
    }
    const match = await matches.find(matchId);
    if (match.kind === "none") return;
    if (passes(match.kind === "live" ? match.document.metadata : match.metadata)) found.add(matchId);
  };

  // Games that end between the two lists are in the second.
  for (const label of [gameName === undefined ? labels.named : labels.game(gameName), labels.unnamed]) {
    const isNamed = label !== labels.unnamed;
    const lists: Page<{ playerIds: readonly string[]; outcome: { endReason: string } | null }>[] = [];
    for await (const page of pagesOf((request) => manager.getPlayerActiveGames(label, request))) lists.push(page);
    for await (const page of pagesOf((request) => manager.getPlayerHistory(label, request))) lists.push(page);
    const items = lists.flatMap((page) => page.items);
    for (let from = 0; from < items.length; from += readsAtOnce) {
      const some = items.slice(from, from + readsAtOnce).map(({ playerIds, outcome }) => {
        const matchId = matchIdOf(playerIds);
        return matchId === null ? null : check({ matchId, endReason: outcome?.endReason ?? null, isNamed });
      });
      await Promise.all(some);
    }
  }
  return [...found];
}

async function* pagesOf<T>(read: (request: PageRequest) => Promise<Page<T>>): AsyncGenerator<Page<T>> {
  let after: string | null = null;
  do {
    const page: Page<T> = await read({ limit: pageSize, after });
    yield page;
    after = page.next;
  } while (after !== null);
}

type Where = NonNullable<StorageAPI.ListMatchesOpts["where"]>;

/** The bounds are strict, and metadata without `updatedAt` is within all of them. */
function passesAll(metadata: JsonValue, gameName: string | undefined, where: Where): boolean {
  const { isGameover, updatedBefore, updatedAfter } = where;
  if (gameName !== undefined && field(metadata, "gameName") !== gameName) return false;
  if (isGameover !== undefined && isGameover !== (field(metadata, "gameover") !== undefined)) return false;
  const updatedAt = Number(field(metadata, "updatedAt") ?? Number.NaN);
  if (updatedBefore !== undefined && updatedAt >= updatedBefore) return false;
  return updatedAfter === undefined || !(updatedAt <= updatedAfter);
}
