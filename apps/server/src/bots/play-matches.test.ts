import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "@turnkeep/manager";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "@turnkeep/memory";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/test-server.js";
import { readBotsConfig } from "./config.js";
import { playMatches } from "./play-matches.js";

let dataDir = "";
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "turnkeep-bots-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

/** Servers on the same stores, one after the other. */
function servers() {
  const [cacheSpace, storeSpace] = [createCacheSpace(), createStoreSpace()];
  return (port = "0"): Promise<TestServer> =>
    startTestServer({
      demo: true,
      cache: createMemoryCache({ space: cacheSpace }),
      store: createMemoryStore({ space: storeSpace }),
      environment: { PORT: port },
    });
}

/** Bots at play, with what they say. */
function bots(serverUrl: string) {
  const stop = new AbortController();
  const said: { message: string; fields: Record<string, unknown> }[] = [];
  const waiting: (() => void)[] = [];
  const note = (fields: object, message: string) => {
    said.push({ message, fields: { ...fields } });
    for (const wake of waiting.splice(0)) wake();
  };
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const config = readBotsConfig({
    SERVER_URL: serverUrl,
    DATA_DIR: dataDir,
    BOTS_ACTION_PAUSE_MS: "1",
    BOTS_MATCH_PAUSE_MS: "1",
  });
  const done = playMatches(config, logger, stop.signal);
  const heard = async (message: string, times: number) => {
    while (said.filter((line) => line.message === message).length < times) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return said.filter((line) => line.message === message).map(({ fields }) => fields);
  };
  return {
    said,
    heard,
    stop: () => {
      stop.abort();
      return done;
    },
  };
}

test("two bots play match after match, each to its end, and stop when their signal fires", async () => {
  const server = await servers()();
  const playing = bots(server.address);
  const over = await playing.heard("a match is over", 2);
  await playing.stop();
  expect(new Set(over.map(({ gameId }) => gameId)).size).toBe(2);
  for (const { reason, turns } of over) {
    expect(reason).toBeTypeOf("string");
    expect(turns).toBeGreaterThan(1);
  }
  expect(playing.said.filter(({ message }) => message === "a match was given up")).toEqual([]);
  expect((await stat(join(dataDir, "bots.json"))).mode & 0o777).toBe(0o600);
  await server.stop();
});

test("when the server goes away they wait for it, and after a restart of their own they finish the match", async () => {
  const start = servers();
  let server = await start();
  const port = new URL(server.address).port;
  const first = bots(server.address);
  const [match] = await first.heard("a match goes on", 1);
  await server.stop();
  server = await start(port);
  await first.stop();
  const tokens = await readFile(join(dataDir, "bots.json"), "utf8");

  const again = bots(server.address);
  const [resumed] = await again.heard("a match goes on", 1);
  const live = await server.manager.loadState(String(match?.gameId));
  if (live !== null) expect(resumed?.gameId).toBe(match?.gameId);
  await again.heard("a match is over", 1);
  await again.stop();
  expect(await readFile(join(dataDir, "bots.json"), "utf8")).toBe(tokens);
  await server.stop();
});

test("they say what is wrong with their settings", () => {
  expect(() => readBotsConfig({ SERVER_URL: "nonsense" })).toThrow(/^serverUrl: /);
});
