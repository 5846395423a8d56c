import { fixtures } from "@turnkeep/conformance";
import type { GameId } from "@turnkeep/core";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type FindingKind, findingKinds } from "../verify/compare.js";
import type { Finding } from "../verify/looks.js";
import { type MendPorts, mend, mendableKinds } from "../verify/mend.js";
import { type VerifyOptions, verify } from "../verify/verify.js";
import { type Ground, plantSound, plants } from "./plant.js";

const kinds = Object.keys(findingKinds) as FindingKind[];
/** What just happened counts as long ago. */
const atOnce = { graceMs: -1, lookAgainMs: 1 };

export async function findingsIn(ground: Ground, options: VerifyOptions = {}): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const event of verify(ground, { ...atOnce, ...options }))
    if (event.kind === "finding") found.push(event.finding);
  return found;
}

/** What is verified and mended the same way on every cache and store. */
export function verifySuite(open: () => Promise<Ground & { close(): Promise<void> }>): void {
  let ground: Ground & { close(): Promise<void> };
  beforeEach(async () => {
    await ground?.close();
    ground = await open();
  });
  afterAll(() => ground.close());

  test.each(kinds)(
    "%s is found among sound games, nothing else is, and it is mended as far as may be",
    async (kind) => {
      await plantSound(ground);
      const gameId = await plants[kind](ground);
      const found = await findingsIn(ground, { pageGames: 3 });
      expect(found.map((one) => [one.kind, one.gameId])).toEqual([[kind, gameId]]);
      expect(JSON.stringify(found)).not.toContain("sound");
      const [finding] = found;
      if (finding === undefined) throw new Error("it was found");
      expect(await mend(mendPorts(ground), finding)).toBe(mendableKinds.has(kind) ? "done" : "none");
      const left = await findingsIn(ground);
      expect(left.map((one) => one.kind)).toEqual(mendableKinds.has(kind) ? [] : [kind]);
    },
  );

  test("one game alone, a sample, and the rest after a cursor", async () => {
    await plantSound(ground);
    const planted = [await plants.unindexed(ground), await plants.orphaned(ground), await plants.behind(ground)];
    const alone = await findingsIn(ground, { gameId: planted[2] });
    expect(alone.map(({ kind }) => kind)).toEqual(["behind"]);
    for await (const event of verify(ground, { ...atOnce, sample: 5 })) {
      if (event.kind === "progress") expect(event.progress.games).toBeLessThanOrEqual(5);
    }
    const cursors: string[] = [];
    for await (const event of verify(ground, { ...atOnce, pageGames: 1 })) {
      if (event.kind === "progress" && event.progress.cursor?.startsWith("rows:")) cursors.push(event.progress.cursor);
    }
    const again = await Promise.all(cursors.map((cursor) => findingsIn(ground, { cursor, pageGames: 1 })));
    expect(cursors.length).toBeGreaterThan(2);
    expect(again.every((found) => found.some(({ kind }) => kind === "orphaned"))).toBe(true);
    const copiesOnly = await findingsIn(ground, { cursor: "copies:" });
    expect(copiesOnly.map(({ kind }) => kind)).toEqual(["orphaned"]);
    await expect(findingsIn(ground, { cursor: "elsewhere" })).rejects.toMatchObject({ code: "InvalidInput" });
  });

  test("it ends when its signal fires", async () => {
    await plants.behind(ground);
    const stop = new AbortController();
    stop.abort();
    await expect(findingsIn(ground, { signal: stop.signal })).rejects.toMatchObject({ code: "Aborted" });
  });
}

/** As the manager does it: loads a game, archives what is sealed. */
function mendPorts({ cache, store }: Ground): MendPorts {
  return {
    cache,
    store,
    loadGame: async (gameId: GameId) => fixtures.install(cache, fixtures.rowIn(await store.load(gameId))),
    finishEndings: async () => {
      for (const gameId of await store.listIds("ended", { after: null, limit: 100 })) {
        await store.archive({ copy: await fixtures.copyIn(cache, gameId) });
        await cache.evict(gameId);
      }
    },
  };
}
