import { expect, test } from "vitest";
import { measureBundle } from "./measure-bundle.js";

const limit = 12 * 1_024;

test("all of the schema package takes at most 12 KB gzipped beyond zod, and nothing of a server", async () => {
  const { ownGzipped, files } = await measureBundle('export * from "@turnkeep/game-state";');
  expect(ownGzipped).toBeLessThan(limit);
  expect(files.filter((file) => !/packages\/(core|game-state)\/src\/|\/zod\/|<stdin>/.test(file))).toEqual([]);
});

test("the page takes what it uses", async () => {
  const { ownGzipped, files } = await measureBundle('export { viewOf } from "./page.js";');
  expect(ownGzipped).toBeLessThan(limit / 2);
  expect(files.some((file) => file.endsWith("upcasters.ts"))).toBe(false);
});

test("createCodec alone brings no zod either: it asks the schema that it is given", async () => {
  const { gzipped, holdsZod } = await measureBundle('export { createCodec } from "@turnkeep/game-state";');
  expect(holdsZod).toBe(false);
  expect(gzipped).toBeLessThan(limit / 2);
});

test.each(["viewFor", "isNpc", "seedRandom", "shuffle", "parseVersion", "isTurnkeepError", "toKeepable"])(
  "%s alone brings no schema, and so no zod",
  async (name) => {
    const { gzipped, holdsZod } = await measureBundle(`export { ${name} } from "@turnkeep/game-state";`);
    expect(holdsZod).toBe(false);
    expect(gzipped).toBeLessThan(3 * 1_024);
  },
);
