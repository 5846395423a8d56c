import type { GameId } from "@turnkeep/core";
import { type InspectedSides, inspectGame } from "@turnkeep/operations";
import type { Host } from "./host.js";

/** A game as a question names it; `null`, with a word on standard error, if there is none. @throws what keeps a side from answering */
export async function gameInWords(sides: InspectedSides, gameId: GameId, host: Host): Promise<string | null> {
  const { cache, store } = await inspectGame(sides, gameId, { signal: host.signal });
  if ("error" in cache) throw cache.error;
  if ("error" in store) throw store.error;
  const { row, status } = store.facts ?? { row: null, status: "unknown to Postgres" };
  if (store.facts === null && cache.facts === null) {
    host.complain(`turnkeep: there is no game ${gameId}\n`);
    return null;
  }
  const turn = cache.facts?.turnNumber ?? row?.turnNumber;
  const facts = [
    status,
    row?.gameType,
    turn === undefined ? undefined : `turn ${turn}`,
    row && `of ${row.playerIds.join(", ")}`,
  ];
  return `the game ${gameId} (${facts.filter(Boolean).join(", ")})`;
}
