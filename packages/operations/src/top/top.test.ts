import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { TurnkeepError } from "@turnkeep/core";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test } from "vitest";
import { loadOf } from "./process-load.js";
import { readPrometheusText } from "./prometheus-text.js";
import { slowestOf } from "./slow-games.js";
import { type LoadSample, watchLoad } from "./watch-load.js";

const scrape = (atMs: number, text: string) => ({ atMs, series: readPrometheusText(text) });

const earlier = `
# HELP turnkeep_action_duration_seconds Actions
# TYPE turnkeep_action_duration_seconds histogram
turnkeep_action_duration_seconds_bucket{le="0.01",outcome="durable"} 100
turnkeep_action_duration_seconds_bucket{le="0.5",outcome="durable"} 100
turnkeep_action_duration_seconds_bucket{le="+Inf",outcome="durable"} 100
turnkeep_action_duration_seconds_count{outcome="durable"} 100
turnkeep_manager_updates_total{durability="writeBehind"} 70
turnkeep_manager_events_total{event="conflict"} 3
turnkeep_manager_events_total{event="miss"} 50
turnkeep_flush_duration_seconds_sum 1.5
turnkeep_flush_duration_seconds_count 10
turnkeep_cache_up 1
`;
const later = `
turnkeep_action_duration_seconds_bucket{le="0.01",outcome="durable"} 297
turnkeep_action_duration_seconds_bucket{le="0.5",outcome="durable"} 299
turnkeep_action_duration_seconds_bucket{le="+Inf",outcome="durable"} 300
turnkeep_action_duration_seconds_count{outcome="durable"} 300
turnkeep_action_duration_seconds_count{outcome="IllegalAction"} 10
turnkeep_manager_updates_total{durability="writeBehind"} 90
turnkeep_manager_updates_total{durability="durable"} 8
turnkeep_manager_events_total{event="conflict"} 3
turnkeep_manager_events_total{event="miss"} 20
turnkeep_flush_duration_seconds_sum 1.7
turnkeep_flush_duration_seconds_count 14
turnkeep_flushed_games_total{outcome="written"} 40
turnkeep_flushed_games_total{outcome="failed"} 9
turnkeep_cache_up 0
turnkeep_store_up 1
`;

test("rates are what grew a second: from 0 for a new series and for a process that began again", () => {
  const load = loadOf([{ before: scrape(1_000, earlier), after: scrape(3_000, later) }]);
  expect(load).toEqual({
    actionsPerSecond: 105,
    actionP99Ms: 500,
    turnsPerSecond: 4,
    loadsPerSecond: 10,
    conflictsPerSecond: 0,
    flushedGamesPerSecond: 20,
    failedFlushesPerSecond: 0,
    flushMs: expect.closeTo(50),
    cacheAway: 1,
    storeAway: 0,
  });
});

test("processes are summed, each over its own time; nothing at all is no load", () => {
  const pair = { before: scrape(0, earlier), after: scrape(2_000, later) };
  const slow = { before: scrape(0, earlier), after: scrape(4_000, later) };
  expect(loadOf([pair, slow])).toMatchObject({ actionsPerSecond: 157.5, loadsPerSecond: 15, cacheAway: 2 });
  expect(loadOf([{ before: scrape(0, later), after: scrape(2_000, later) }])).toMatchObject({
    actionsPerSecond: 0,
    actionP99Ms: null,
    flushMs: null,
  });
  expect(loadOf([])).toMatchObject({ actionsPerSecond: 0, actionP99Ms: null, storeAway: 0 });
});

test("a Prometheus text is read with its labels, escapes, times and odd numbers; the rest is left out", () => {
  const text = `# a comment\na{x="}, y=\\"\\\\ \\n",z="2",} 1.5e3 1700000000000\nb +Inf\r\n<html>\nc{x="open} 1\nd NaN\n`;
  expect(readPrometheusText(text)).toEqual([
    { name: "a", labels: { x: '}, y="\\ \n', z: "2" }, value: 1_500 },
    { name: "b", labels: {}, value: Number.POSITIVE_INFINITY },
    { name: "d", labels: {}, value: Number.NaN },
  ]);
});

test("samples go on when a process or a store does not answer, and end with the signal", async () => {
  const [cache, store] = [createMemoryCache(), createMemoryStore()];
  await Promise.all([cache.start(), store.start()]);
  let actions = 0;
  const slowGames = [7, 90].map((slowestMs, n) => ({ gameId: `00000000-0000-4000-8000-00000000000${n}`, slowestMs }));
  const server = createServer(({ url }, response) => {
    if (url === "/slow-games?token=secret-word") return void response.end(JSON.stringify(slowGames));
    actions += 10;
    if (url === "/silent") return;
    response.writeHead(url === "/broken" ? 500 : 200).end(url === "/page" ? "<html>" : `turnkeep_sockets ${actions}\n`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const metrics = ["/metrics?token=secret-word", "/broken", "/page", "/silent"].map((path) => new URL(path, base));
  metrics.push(new URL("http://127.0.0.1:1/metrics"));
  const stop = new AbortController();
  const failing = { backlog: () => Promise.reject(new TurnkeepError("CacheUnavailable", "away", { fate: "notDone" })) };
  const samples: LoadSample[] = [];
  for await (const sample of watchLoad({ cache: failing, store }, { metrics, everyMs: 1, signal: stop.signal })) {
    samples.push(sample);
    stop.abort();
  }
  server.closeAllConnections();
  server.close();
  expect(samples).toHaveLength(1);
  expect(samples[0]).toMatchObject({ games: { active: 0, quarantined: 0 }, backlog: { error: "away" } });
  expect(samples[0]?.processes.map(({ error, load }) => [error, load !== null])).toEqual([
    [null, true],
    ["answers with status 500", false],
    ["has no metrics of Turnkeep", false],
    ["does not answer within 1000 ms", false],
    [expect.stringMatching(/^cannot be reached/), false],
  ]);
  const endpoint = `${new URL(base).host}/metrics`;
  expect(samples[0]?.slowest).toEqual(slowGames.toReversed().map((game) => ({ endpoint, ...game })));
  expect(JSON.stringify(samples)).not.toContain("secret-word");
});

test("a process that has answered once has no load yet, and adds nothing to the sum", async () => {
  const [cache, store] = [createMemoryCache(), createMemoryStore()];
  await Promise.all([cache.start(), store.start()]);
  let asked = 0;
  const server = createServer(({ url }, response) => {
    if (url !== "/metrics") return void response.writeHead(404).end();
    asked += 1;
    response.writeHead(asked === 1 ? 503 : 200).end("turnkeep_cache_up 0\n");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const metrics = [new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)];
  const seen: unknown[] = [];
  for await (const { processes, total } of watchLoad({ cache, store }, { metrics, everyMs: 1 })) {
    seen.push([processes[0]?.error, processes[0]?.load?.cacheAway, total.cacheAway]);
    if (seen.length === 2) break;
  }
  server.closeAllConnections();
  server.close();
  expect(seen).toEqual([
    [null, undefined, 0],
    [null, 1, 1],
  ]);
});

test("the slowest games are named once each, the slowest first, and no more than five", () => {
  const game = (n: number, slowestMs: number) => ({ endpoint: `server-${n % 2}`, gameId: String(n % 8), slowestMs });
  const slowest = slowestOf(Array.from({ length: 16 }, (_, n) => game(n, 100 * n)));
  expect(slowest).toEqual([15, 14, 13, 12, 11].map((n) => game(n, 100 * n)));
});

test("games are counted again only after a while, and at once where the counts were not to be had", async () => {
  let asked = 0;
  const cache = createMemoryCache();
  await cache.start();
  const countActive = async () => {
    asked += 1;
    if (asked === 1) throw new TurnkeepError("StoreUnavailable", "away", { fate: "notDone" });
    return asked;
  };
  const seen: unknown[] = [];
  for await (const { games } of watchLoad(
    { cache, store: { countActive, countQuarantined: async () => 0 } },
    { everyMs: 1 },
  )) {
    seen.push(games);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual([{ error: "away" }, { active: 2, quarantined: 0 }, { active: 2, quarantined: 0 }]);
});
