import * as z from "zod";

const gamesSchema = z.array(z.object({ gameId: z.uuid(), slowestMs: z.number().min(0) })).max(100);

/** A game, and how long its slowest action of the last minute took at one server. */
export interface SlowGame {
  readonly endpoint: string;
  readonly gameId: string;
  readonly slowestMs: number;
}

const shown = 5;

/** What stands beside these metrics as `slow-games`; nothing where a process has no such page. Never rejects. */
export async function readSlowGames(metrics: URL, signal: AbortSignal): Promise<readonly SlowGame[]> {
  const page = new URL("slow-games", metrics);
  page.search = metrics.search;
  try {
    const response = await fetch(page, { signal });
    const games = gamesSchema.safeParse(response.ok ? await response.json() : []);
    const endpoint = `${metrics.host}${metrics.pathname}`;
    return games.success ? games.data.map((game) => ({ endpoint, ...game })) : [];
  } catch {
    return [];
  }
}

/** The slowest first; a game that several servers name stands there once, with its slowest action. */
export function slowestOf(games: readonly SlowGame[]): readonly SlowGame[] {
  const slowestFirst = games.toSorted((one, other) => other.slowestMs - one.slowestMs);
  const seen = new Set<string>();
  return slowestFirst.filter(({ gameId }) => !seen.has(gameId) && seen.add(gameId)).slice(0, shown);
}
