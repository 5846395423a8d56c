import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GameDefinition } from "@turnkeep/core";
import { createGameStateManager } from "@turnkeep/manager";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "@turnkeep/memory";
import { expect, test } from "vitest";
import { canary } from "./canary.js";
import { newNim, nim } from "./nim.js";
import { nim as nextNim } from "./nim-2.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test.each([
  ["change-the-schema.md", ["nim-2.ts", "canary.ts"]],
  ["several-servers.md", ["daemon.ts"]],
])("the samples of docs/%s are these files", (page, files) => {
  const text = readFileSync(here(`../../../docs/${page}`), "utf8");
  const samples = [...text.matchAll(/```ts\n(import [\s\S]*?)```/g)].map(([, sample]) => sample);
  expect(samples).toEqual(files.map((file) => readFileSync(here(file), "utf8")));
});

const spaces = { cache: createCacheSpace(), store: createStoreSpace() };
const store = () => createMemoryStore({ space: spaces.store });

async function serve<State extends object>(game: GameDefinition<State, null>) {
  const cache = createMemoryCache({ space: spaces.cache });
  const manager = createGameStateManager({ game, cache, store: store() });
  await manager.start();
  return manager;
}

test("as docs/change-the-schema.md says: a new release reads live games, and an old one leaves what it cannot read", async () => {
  const [old, next] = [await serve(nim), await serve(nextNim)];
  const id = crypto.randomUUID();
  await old.createGame(newNim(id, 21), { gameType: "freeplay" });
  expect((await next.loadState(id))?.state).toMatchObject({ schemaVersion: 2, stones: 21, atOnce: 3 });
  await next.update(id, (game) => ({ ...game, turn: game.turn + 1, stones: game.stones - game.atOnce }));
  const taking = old.update(id, (game) => ({ ...game, stones: game.stones - 1 }));
  await expect(taking).rejects.toMatchObject({ code: "UnsupportedSchema" });
  expect((await next.loadState(id))?.state).toMatchObject({ turn: 2, stones: 18, atOnce: 3 });
  await Promise.all([old.close(), next.close()]);
});

test("a canary finds the games that a release cannot read, and says why", async () => {
  const [reader, manager] = [store(), await serve(nim)];
  await reader.start();
  const id = crypto.randomUUID();
  await manager.createGame(newNim(id, 5), { gameType: "freeplay" });
  expect(await canary(nextNim, reader)).toEqual([]);
  const wrong = { ...nextNim, upcasters: { 1: (document: object) => ({ ...document, schemaVersion: 2 }) } };
  const found = (await canary(wrong, reader)).filter(({ gameId }) => gameId === id);
  expect(found).toEqual([{ gameId: id, reason: expect.stringContaining("atOnce") }]);
  await Promise.all([manager.close(), reader.close()]);
});
