import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { playOneMove, TestPlayer } from "../testing/test-player.js";
import { startTestServer } from "../testing/test-server.js";
import { tracingOf } from "./tracing.js";

test("spans name the database and schema of Postgres, and the number of Redis's database", () => {
  const of = (databaseUrl: string, redisUrl: string) => {
    const { store, cache } = tracingOf({ traces: true, databaseUrl, databaseSchema: "turnkeep", redisUrl }) ?? {};
    return [store?.["db.namespace"], cache?.["db.namespace"]];
  };
  expect(of("postgres://user:secret@host:5432/games?ssl=1", "redis://:secret@host:6379/3")).toEqual([
    "games|turnkeep",
    "3",
  ]);
  expect(of("postgres:///my%20games?host=/run", "rediss://host")).toEqual(["my games|turnkeep", "0"]);
  expect(of("postgres://host", "redis-sentinel://a:1,b:2/name")).toEqual(["turnkeep", "0"]);
});

test("with TRACES, a player's action is a span that names the game, and no player", async () => {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const server = await startTestServer({ environment: { TRACES: "true" } });
  try {
    const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
    const { gameId } = await ada.invite(server.address, bo);
    await playOneMove(server.address, gameId, [ada, bo]);
    const spans = exporter.getFinishedSpans();
    const action = spans.find(({ name }) => name === "turnkeep.update");
    expect(action?.attributes).toEqual({ "turnkeep.game.id": gameId });
    const shown = JSON.stringify(spans.map(({ name, attributes, status }) => ({ name, attributes, status })));
    for (const secret of [ada.id, bo.id]) expect(shown).not.toContain(secret);
  } finally {
    await server.stop();
    trace.disable();
    context.disable();
  }
});
