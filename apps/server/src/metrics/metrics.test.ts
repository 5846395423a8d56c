import { randomUUID } from "node:crypto";
import { TurnkeepError } from "@turnkeep/core";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test } from "vitest";
import { ask, playOneMove, TestPlayer } from "../testing/test-player.js";
import { startTestServer } from "../testing/test-server.js";

test("metrics count requests, sockets, actions and what the manager does, on a port of their own, and name nobody", async () => {
  const server = await startTestServer({ environment: { METRICS_PORT: "0" } });
  const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
  const { gameId } = await ada.invite(server.address, bo);
  await playOneMove(server.address, gameId, [ada, bo]);
  const writeId = randomUUID();
  for (let count = 0; count < 2; count += 1) await ada.post(server.address, `/games/${gameId}/concede`, { writeId });
  await ada.post(server.address, `/games/${gameId}/actions`, { writeId: randomUUID(), action: { type: "endTurn" } });
  const socket = await ada.connect(server.address);
  const metrics = String((await ask(String(server.metricsAddress), "/metrics")).body.text);
  for (const line of [
    /^turnkeep_http_request_duration_seconds_count\{method="POST",route="\/invites\/accept",status="201"\} 1$/m,
    /^turnkeep_http_request_duration_seconds_count\{method="POST",route="\/games\/:gameId\/actions",status="409"\} 1$/m,
    /^turnkeep_action_duration_seconds_count\{outcome="duplicate"\} 1$/m,
    /^turnkeep_action_duration_seconds_count\{outcome="GameEnded"\} 1$/m,
    /^turnkeep_action_errors_total\{code="GameEnded",fate="none"\} 1$/m,
    /^turnkeep_sockets 1$/m,
    /^turnkeep_manager_events_total\{event="created"\} 1$/m,
    /^turnkeep_manager_events_total\{event="archived"\} 1$/m,
    /^turnkeep_cache_up 1$/m,
    /^process_cpu_seconds_total /m,
  ]) {
    expect(metrics).toMatch(line);
  }
  for (const id of [gameId, ada.id, bo.id, writeId]) expect(metrics).not.toContain(id);
  expect((await ask(String(server.metricsAddress), "/games")).status).toBe(404);
  const slow = await fetch(`${server.metricsAddress}/slow-games`);
  expect(await slow.json()).toEqual([{ gameId, slowestMs: expect.any(Number) }]);
  expect((await ask(server.address, "/slow-games")).status).toBe(404);
  expect((await ask(server.address, "/metrics")).status).toBe(404);
  await socket.close();
  await server.stop();
  await expect(ask(String(server.metricsAddress), "/metrics")).rejects.toThrow();
});

test("an action that fails counts by what is known of it, and the pool by its use", async () => {
  const cache = createMemoryCache();
  const poolUse = () => ({ size: 10, used: 4, waiting: 2 });
  const store = Object.assign(createMemoryStore(), { poolUse });
  const server = await startTestServer({ cache, store, environment: { METRICS_PORT: "0" } });
  const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
  const { gameId } = await ada.invite(server.address, bo);
  cache.write = () => Promise.reject(new TurnkeepError("CacheUnavailable", "late", { fate: "unknown" }));
  cache.seal = cache.write;
  await ada.post(server.address, `/games/${gameId}/concede`, { writeId: randomUUID() });
  const metrics = String((await ask(String(server.metricsAddress), "/metrics")).body.text);
  for (const line of [
    /^turnkeep_action_errors_total\{code="CacheUnavailable",fate="unknown"\} 1$/m,
    /^turnkeep_pool_connections_max 10$/m,
    /^turnkeep_pool_connections_used 4$/m,
    /^turnkeep_pool_waiting_calls 2$/m,
  ]) {
    expect(metrics).toMatch(line);
  }
  await server.stop();
});

test("a cache that answers and would refuse every write is not up", async () => {
  const full = () => Promise.reject(new TurnkeepError("CacheUnavailable", "it is full", { fate: "notDone" }));
  const refusing = Object.assign(createMemoryCache(), { ping: full });
  const server = await startTestServer({ cache: refusing, environment: { METRICS_PORT: "0" } });
  const metrics = String((await ask(String(server.metricsAddress), "/metrics")).body.text);
  expect(metrics).toMatch(/^turnkeep_cache_up 0$/m);
  expect(metrics).toMatch(/^turnkeep_store_up 1$/m);
  await server.stop();
});

test("quarantined games are counted", async () => {
  const store = Object.assign(createMemoryStore(), { countQuarantined: async () => 3 });
  const server = await startTestServer({ store, environment: { METRICS_PORT: "0" } });
  const shown = async () => String((await ask(String(server.metricsAddress), "/metrics")).body.text);
  await expect.poll(shown).toMatch(/^turnkeep_quarantined_games 3$/m);
  await server.stop();
});

test("without a port for them, metrics are not served", async () => {
  const server = await startTestServer();
  expect(server.metricsAddress).toBeNull();
  await server.stop();
});
