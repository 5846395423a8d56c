import { createCodec, type GameDefinition } from "@turnkeep/core";
import type { Store } from "@turnkeep/core/ports";

/** Reads every live game as this release would, and writes nothing. Returns those that it cannot read. */
export async function canary<State extends object>(game: GameDefinition<State>, store: Pick<Store, "inspect">) {
  const codec = createCodec(game, { maxStateBytes: 1_048_576 });
  const unreadable: { gameId: string; reason: string }[] = [];
  for (let after: string | null = null; ; ) {
    const page = await store.inspect({ after, limit: 200 }, { states: true });
    for (const { gameId, row } of page) {
      try {
        if (row?.state) codec.decodeState(row.state);
      } catch (error) {
        unreadable.push({ gameId, reason: String(error) });
      }
    }
    if (page.length < 200) return unreadable;
    after = page.at(-1)?.gameId ?? null;
  }
}
