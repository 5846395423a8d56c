import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@hey-api/openapi-ts";
import { type CardAction, chooseActionFromView } from "@turnkeep/card-rules";
import type { GameView, Outcome } from "@turnkeep/game-state";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describedAnswers } from "../../testing/described-answers.js";
import { ask, TestPlayer } from "../../testing/test-player.js";
import { startTestServer, type TestServer } from "../../testing/test-server.js";

interface Answered<T> {
  readonly data?: T;
  readonly error?: { readonly code: string };
  readonly response: Response;
}

interface Game {
  readonly gameId: string;
  readonly version: string | null;
  readonly status: string;
  readonly view: GameView;
}

interface Call {
  readonly client: unknown;
  readonly path?: { readonly gameId: string };
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** What of the generated code is used here; that it is there and works is what is tested. */
interface Generated {
  createInvite(call: Call): Promise<Answered<{ readonly token: string }>>;
  acceptInvite(call: Call): Promise<Answered<Game>>;
  joinGame(call: Call): Promise<Answered<Game>>;
  getGame(call: Call): Promise<Answered<Game>>;
  act(call: Call): Promise<Answered<Game>>;
  listHistory(call: Call): Promise<Answered<{ items: readonly { gameId: string; outcome: Outcome }[] }>>;
}

let server: TestServer;
let folder = "";
beforeAll(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), "turnkeep-client-"));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test("a client that is generated from the description plays a game to its end, and every answer is as described", async () => {
  const description = (await ask(server.address, "/openapi.json")).body;
  await createClient({
    input: structuredClone(description),
    output: { path: folder, entryFile: true },
    plugins: ["@hey-api/typescript", "@hey-api/client-fetch", "@hey-api/sdk"],
    logs: { level: "silent", file: false },
  });
  const api: Generated = await import(/* @vite-ignore */ join(folder, "sdk.gen.ts"));
  const transport: { createClient(options: object): unknown } = await import(
    /* @vite-ignore */ join(folder, "client", "index.ts")
  );
  const answers = describedAnswers(description);
  const players = [await TestPlayer.create(), await TestPlayer.create()] as const;
  const clientOf = ({ token }: TestPlayer) =>
    transport.createClient({ baseUrl: server.address, auth: token, fetch: answers.fetch });
  const clients = players.map(clientOf);
  const invited = await api.createInvite({ client: clients[0], body: {} });
  const created = await api.acceptInvite({ client: clients[1], body: { token: invited.data?.token ?? "" } });
  const path = { gameId: created.data?.gameId ?? "" };
  expect((await api.joinGame({ client: clients[0], path })).response.status).toBe(200);

  let status = "live";
  for (let moves = 0; status === "live" && moves < 2_000; moves += 1) {
    const side = moves % 2;
    const seen = await api.getGame({ client: clients[side], path });
    status = seen.data?.status ?? "unknown";
    const action: CardAction | null = seen.data === undefined ? null : chooseActionFromView(seen.data.view);
    if (status !== "live" || action === null) continue;
    const { version } = seen.data ?? {};
    const acted = await api.act({
      client: clients[side],
      path,
      body: { writeId: randomUUID(), action, expectedVersion: version },
    });
    expect(acted.error).toBeUndefined();
  }
  expect(["ended", "archived"]).toContain(status);
  const late = await api.act({
    client: clients[0],
    path,
    body: { writeId: randomUUID(), action: { type: "concede" } },
  });
  expect(late).toMatchObject({ error: { code: "GameEnded" } });
  const history = await api.listHistory({ client: clients[1] });
  expect(history.data?.items).toMatchObject([{ gameId: path.gameId }]);
  expect(answers.checked()).toBeGreaterThan(20);
});
