import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { alice, bob, draw, facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { TurnkeepError } from "@turnkeep/core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracing = { trace, cache: { "db.namespace": "0" }, store: { "db.namespace": "games|turnkeep" } };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
});
let world: World | undefined;
afterEach(async () => {
  await world?.close();
  exporter.reset();
});
afterAll(() => {
  trace.disable();
  context.disable();
});

/** A server that is traced, and one game that it holds. */
async function playing() {
  world = await openWorld();
  const server = await world.server({}, { tracing });
  const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
  exporter.reset();
  return { ...server, gameId };
}

const spans = () => exporter.getFinishedSpans();
const called = (name: string): ReadableSpan => {
  const [found, ...others] = spans().filter((span) => span.name === name);
  expect(others).toEqual([]);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
};
const childrenOf = (parent: ReadableSpan) =>
  spans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId);

test("an action is one span, with one of Redis below it", async () => {
  const { manager, gameId } = await playing();
  await manager.update(gameId, move("a"));
  const action = called("turnkeep.update");
  expect(action).toMatchObject({
    kind: SpanKind.INTERNAL,
    attributes: { "turnkeep.game.id": gameId },
    status: { code: SpanStatusCode.UNSET },
    parentSpanContext: undefined,
  });
  expect(childrenOf(action)).toMatchObject([
    {
      name: "write games",
      kind: SpanKind.CLIENT,
      attributes: {
        "db.system.name": "redis",
        "db.namespace": "0",
        "db.operation.name": "write",
        "db.query.summary": "write games",
      },
    },
  ]);
  expect(spans()).toHaveLength(2);
});

test("a turn adds one of Postgres, also where its flush shares a batch, and each span ends within its parent", async () => {
  const { manager, gameId } = await playing();
  const other = (await manager.createGame(newCounter(), facts)).state.gameId;
  exporter.reset();
  await Promise.all([gameId, other].map((id) => manager.update(id, nextTurn)));
  const actions = spans().filter(({ name }) => name === "turnkeep.update");
  expect(actions.map(({ attributes }) => attributes["turnkeep.game.id"]).sort()).toEqual([gameId, other].sort());
  for (const action of actions) {
    const children = childrenOf(action);
    expect(children.map(({ name, attributes }) => [name, attributes["db.system.name"]])).toEqual([
      ["write games", "redis"],
      ["flush games", "postgresql"],
    ]);
    expect(children[1]?.attributes).toMatchObject({
      "db.namespace": "games|turnkeep",
      "db.operation.name": "flush",
      "db.query.summary": "flush games",
    });
    // In the order in which they ended: each span reads a clock of its own.
    for (const child of children) expect(spans().indexOf(child)).toBeLessThan(spans().indexOf(action));
  }
  expect(spans()).toHaveLength(6);
});

test("an action belongs to the span that it is called in", async () => {
  const { manager, gameId } = await playing();
  await trace.getTracer("caller").startActiveSpan("request", async (span) => {
    await manager.update(gameId, move("a"));
    span.end();
  });
  expect(childrenOf(called("request"))).toEqual([called("turnkeep.update")]);
});

test("an error is the status of the spans that it passed, by its code and without its message", async () => {
  const { manager, cache, gameId } = await playing();
  cache.on("write", async () => {
    throw new TurnkeepError("CacheUnavailable", "a secret message", { fate: "unknown" });
  });
  await expect(manager.update(gameId, move("a"))).rejects.toThrow("a secret message");
  for (const name of ["turnkeep.update", "write games"]) {
    expect(called(name)).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: "CacheUnavailable" },
      attributes: { "error.type": "CacheUnavailable" },
      events: [],
    });
  }
  exporter.reset();
  const broken = () => {
    throw new Error("a secret of the game's own code");
  };
  await expect(manager.update(gameId, broken)).rejects.toThrow("own code");
  expect(called("turnkeep.update").status).toEqual({ code: SpanStatusCode.ERROR, message: "_OTHER" });
});

test("what goes on by itself has no spans, also where it was begun in one", async () => {
  const { manager, gameId } = await playing();
  await trace.getTracer("caller").startActiveSpan("start", async (span) => {
    await manager.update(gameId, move("a"));
    exporter.reset();
    await manager.flushDue();
    await manager.recoverActiveGames();
    await manager.getPlayerActiveGames(alice);
    span.end();
  });
  expect(spans().map(({ name }) => name)).toEqual(["start"]);
});

test("no attribute holds a player or anything of a state", async () => {
  const { manager, gameId } = await playing();
  const state = newCounter();
  await manager.createGame(state, facts);
  await manager.update(gameId, move("castle"));
  await manager.updateMetadata(gameId, () => ({ seat: "the left one" }));
  await manager.loadState("no id, but a token").catch(() => undefined);
  await manager.endGame(gameId, draw);
  const shown = JSON.stringify(
    spans().map(({ name, attributes, status, events }) => ({ name, attributes, status, events })),
  );
  expect(spans().length).toBeGreaterThan(10);
  for (const secret of [bob, "word-of-", "castle", "left one", "token"]) expect(shown).not.toContain(secret);
});
