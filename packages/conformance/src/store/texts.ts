import { describe, expect, test } from "vitest";
import { awkwardTexts, bigState } from "../awkward-texts.js";
import { nextOf, sealedOf } from "../fixtures.js";
import { createGame, flushed, readGame } from "./scenes.js";
import type { StoreBench } from "./store-under-test.js";

export function textTests(bench: () => StoreBench): void {
  /** Whether the text passes through every operation unchanged; compared by hand, since a difference of megabytes is no help. */
  async function passes(text: string): Promise<Record<string, boolean>> {
    const { store, other } = bench();
    const game = await createGame(store, { state: text, rules: text });
    const row = await readGame(other, game.gameId);
    const copy = await flushed(store, nextOf(row, { state: text, entries: [text, text], logCount: 2 }));
    const [first, second] = await other.readLog(game.gameId, { from: 1, limit: 2 });
    const after = await readGame(other, game.gameId);
    await store.archive({ copy: sealedOf(copy, { state: text, entries: [], logCount: 2 }) });
    const { replay = "" } = (await other.readReplay(game.gameId)) ?? {};
    return {
      created: game.state === text && game.rules === text,
      read: row.state === text && row.rules === text,
      flushed: after.state === text,
      logged: first?.entry === text && second?.entry === text,
      initialState: replay.includes(`"initialState":${text}`),
      log: replay.includes(`${text},${text}`),
      rules: replay.includes(`"rules":${text}`),
      finalState: replay.includes(`"finalState":${text}`),
    };
  }

  const everywhere = {
    created: true,
    read: true,
    flushed: true,
    logged: true,
    initialState: true,
    log: true,
    rules: true,
    finalState: true,
  };

  describe("texts", () => {
    test.each(awkwardTexts)("come back as the very bytes: %s", async (_name, text) => {
      expect(await passes(text)).toEqual(everywhere);
    });

    test("may hold every character: all of the basic plane, and some of each other plane", async () => {
      const points = Array.from({ length: 0x10000 }, (_, point) => point);
      const isCharacter = (point: number) => point > 0 && (point < 0xd800 || point > 0xdfff);
      const others = Array.from({ length: 16 }, (_, plane) => [0x10000 * (plane + 1), 0x10000 * (plane + 2) - 1]);
      const characters = [...points.filter(isCharacter), ...others.flat(), 0x1f0a1, 0x1f422].map((point) =>
        String.fromCodePoint(point),
      );
      expect(await passes(JSON.stringify({ text: characters.join("") }))).toEqual(everywhere);
    });

    test("may be big: a state of half a megabyte", async () => {
      expect(await passes(bigState(512 * 1_024))).toEqual(everywhere);
    });
  });
}
