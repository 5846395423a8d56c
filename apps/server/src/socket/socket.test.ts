import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { patienceMs } from "@turnkeep/dev-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, findMover, playOneMove, type SeenGame, TestPlayer } from "../testing/test-player.js";
import { startTestServer, type TestServer, tokenFor } from "../testing/test-server.js";
import { TestSocket } from "../testing/test-socket.js";

let server: TestServer;
let demo: TestServer;
let ada: TestPlayer;
let bo: TestPlayer;
let cy: TestPlayer;
beforeAll(async () => {
  const environment = { AUTHENTICATE_WITHIN_MS: String(patienceMs), ALLOWED_ORIGINS: "https://ally.example" };
  server = await startTestServer({ environment });
  demo = await startTestServer({ demo: true, environment });
  [ada, bo, cy] = [await TestPlayer.create(), await TestPlayer.create(), await TestPlayer.create()];
});
afterAll(() => Promise.all([server.stop(), demo.stop()]));

/** A new game with sockets of both players that watch it. */
async function watchedGame() {
  const { gameId } = await ada.invite(server.address, bo);
  const sockets = [await ada.connect(server.address), await bo.connect(server.address)] as const;
  for (const socket of sockets) {
    socket.say({ type: "watch", gameId, requestId: "w" });
    await socket.hear("watching", ({ requestId }) => requestId === "w");
    await socket.hear("view");
  }
  return { gameId, sockets, close: () => Promise.all(sockets.map((socket) => socket.close())) };
}

test("players act over sockets, get a reply each, and every watcher sees each version from their own side", async () => {
  const { gameId, sockets, close } = await watchedGame();
  for (let move = 0; move < 6; move += 1) {
    for (const [index, player] of [ada, bo].entries()) {
      const seen = await player.see(server.address, gameId);
      const action = chooseActionFromView(seen.view);
      if (action === null) continue;
      const requestId = `r${move}`;
      const { version: expectedVersion } = seen;
      sockets[index]?.say({ type: "act", requestId, gameId, writeId: randomUUID(), expectedVersion, action });
      const done = await sockets[index]?.hear("done");
      expect(done).toMatchObject({ requestId, gameId, status: "live", duplicate: false });
      for (const [side, socket] of sockets.entries()) {
        const pushed = await socket.hear("view", ({ version }) => version === done?.version);
        expect(pushed).toMatchObject({ gameId, view: { viewerId: [ada, bo][side]?.id } });
      }
      break;
    }
  }
  await close();
});

test("watchers see a game end, once it is over for good, and nothing after", async () => {
  const { gameId, sockets, close } = await watchedGame();
  await ada.post(server.address, `/games/${gameId}/concede`, { writeId: randomUUID() });
  for (const socket of sockets) {
    const last = await socket.hear("view", ({ status }) => status === "archived");
    expect(last).toMatchObject({ gameId, version: null, view: { result: { winnerId: bo.id } } });
  }
  const late = await bo.connect(server.address);
  late.say({ type: "watch", gameId });
  expect(await late.hear("view")).toMatchObject({ gameId, status: "archived" });
  await Promise.all([close(), late.close()]);
});

test("who unwatches is shown nothing more", async () => {
  const { gameId, sockets, close } = await watchedGame();
  sockets[0].say({ type: "unwatch", gameId, requestId: "u" });
  await sockets[0].hear("unwatched", ({ requestId }) => requestId === "u");
  const heard = sockets[0].heard.length;
  const { version } = await playOneMove(server.address, gameId, [ada, bo]);
  await sockets[1].hear("view", (view) => view.version === version);
  sockets[0].say({ type: "unwatch", gameId, requestId: "u2" });
  await sockets[0].hear("unwatched", ({ requestId }) => requestId === "u2");
  expect(sockets[0].heard).toHaveLength(heard + 1);
  await close();
});

test("a write id is one write over both transports", async () => {
  const { gameId } = await ada.invite(server.address, bo);
  const { mover } = await findMover(server.address, gameId, [ada, bo]);
  const seen = await mover.see(server.address, gameId);
  const write = { writeId: randomUUID(), expectedVersion: seen.version, action: chooseActionFromView(seen.view) };
  const done = await mover.post(server.address, `/games/${gameId}/actions`, write);
  const socket = await mover.connect(server.address);
  socket.say({ type: "act", requestId: "again", gameId, ...write });
  expect(await socket.hear("done")).toMatchObject({ duplicate: true, version: done.body.version });
  await socket.close();
});

test.each<[string, (game: SeenGame) => object, number, string]>([
  ["a bad id", () => ({ gameId: "nonsense" }), 400, "InvalidGameId"],
  ["an unknown game", () => ({ gameId: randomUUID() }), 404, "GameNotFound"],
  ["an unknown action", () => ({ action: { type: "win" } }), 400, "InvalidInput"],
  ["no write id", () => ({ writeId: undefined }), 400, "InvalidInput"],
  ["an unknown field", () => ({ admin: true }), 400, "InvalidInput"],
  ["a stale version", () => ({ expectedVersion: "1.999" }), 409, "RevisionConflict"],
  ["an action against the rules", () => ({}), 422, "IllegalAction"],
])("over a socket, %s is answered with its code, and nothing changes", async (_what, change, status, code) => {
  const created = await ada.invite(server.address, bo);
  const { mover } = await findMover(server.address, created.gameId, [ada, bo]);
  const game = await mover.see(server.address, created.gameId);
  const socket = await mover.connect(server.address);
  const sound = {
    type: "act",
    requestId: "r",
    gameId: game.gameId,
    writeId: randomUUID(),
    action: { type: "endTurn" },
  };
  socket.say({ ...sound, ...change(game) });
  const error = await socket.hear("error");
  expect(error).toMatchObject({ requestId: "r", problem: { status, code } });
  expect(await mover.see(server.address, game.gameId)).toEqual(game);
  await socket.close();
});

test("strangers cannot act, nor a player whose turn it is not", async () => {
  const { gameId } = await ada.invite(server.address, bo);
  const { waiter } = await findMover(server.address, gameId, [ada, bo]);
  for (const [player, code] of [
    [cy, "Forbidden"],
    [waiter, "NotYourTurn"],
  ] as const) {
    const socket = await player.connect(server.address);
    socket.say({ type: "act", requestId: "r", gameId, writeId: randomUUID(), action: { type: "endTurn" } });
    expect(await socket.hear("error")).toMatchObject({ requestId: "r", gameId, problem: { code } });
    await socket.close();
  }
});

test.each([
  ["{nonsense", "InvalidInput"],
  ['{"type":"watch","gameId":"x","__proto__":{"a":1}}', "InvalidState"],
  ['{"type":"watch","gameId":"\\ud800"}', "InvalidState"],
  [`{"type":"watch","gameId":${"[".repeat(80)}${"]".repeat(80)}}`, "InvalidState"],
  ['{"type":"fly"}', "InvalidInput"],
  ["[]", "InvalidInput"],
])("the unsound message %s is answered; after five the socket is closed with 1008", async (text, code) => {
  const socket = await ada.connect(server.address);
  for (let count = 0; count < 5; count += 1) {
    socket.raw.send(text);
    expect(await socket.hear("error")).toMatchObject({ problem: { code } });
  }
  expect(await socket.closed).toMatchObject({ code: 1008 });
  expect((await ask(server.address, "/readyz")).status).toBe(200);
});

test("actions that no client means count as unsound messages", async () => {
  const { gameId } = await ada.invite(server.address, bo);
  const socket = await ada.connect(server.address);
  for (let count = 0; count < 5; count += 1) {
    socket.say({ type: "act", requestId: "r", gameId, writeId: randomUUID(), action: { type: "win" } });
    expect(await socket.hear("error")).toMatchObject({ problem: { code: "InvalidInput" } });
  }
  expect(await socket.closed).toMatchObject({ code: 1008 });
});

test("long messages count as many", async () => {
  const socket = await ada.connect(server.address);
  const text = JSON.stringify({ type: "unwatch", gameId: "x", requestId: "x".repeat(60_000) });
  for (let count = 0; count < 4; count += 1) socket.raw.send(text, () => undefined);
  expect(
    await socket.hear("error", ({ problem }) => (problem as { code: string }).code === "RateLimited"),
  ).toBeTruthy();
  expect(await socket.closed).toMatchObject({ code: 1008, reason: "too many messages" });
});

test.each<[string, () => Promise<unknown>]>([
  ["authenticates nobody", async () => ({ type: "watch", gameId: randomUUID() })],
  ["is nonsense", async () => "nonsense"],
  ["has no token outside demo mode", async () => ({ type: "authenticate", token: null })],
  [
    "has an expired token",
    async () => ({ type: "authenticate", token: await tokenFor(ada.id, { exp: 1_000_000_000 }) }),
  ],
  [
    "has a foreign token",
    async () => ({
      type: "authenticate",
      token: await tokenFor(ada.id, { secret: "another secret of sufficient length" }),
    }),
  ],
])("a first message that %s closes the socket with 1008", async (_what, message) => {
  const socket = await TestSocket.open(server.address);
  socket.raw.send(JSON.stringify(await message()));
  expect(await socket.hear("error")).toMatchObject({ problem: { code: "Unauthenticated", status: 401 } });
  expect(await socket.closed).toMatchObject({ code: 1008 });
});

test("a socket that says nothing is closed with 1008", async () => {
  const hasty = await startTestServer({ environment: { AUTHENTICATE_WITHIN_MS: "300" } });
  const socket = await TestSocket.open(hasty.address);
  expect(await socket.closed).toEqual({ code: 1008, reason: "not authenticated in time" });
  await hasty.stop();
});

test("a second token on an open socket takes the place of the first, which may run out", async () => {
  const socket = await TestSocket.open(server.address);
  const soon = Math.floor(Date.now() / 1_000) + 60;
  socket.say({ type: "authenticate", token: await tokenFor(ada.id, { exp: soon }) });
  const first = await socket.hear("authenticated");
  socket.say({ type: "authenticate", token: ada.token, requestId: "again" });
  const second = await socket.hear("authenticated");
  expect(second).toMatchObject({ playerId: ada.id, requestId: "again" });
  expect(Number(second.expiresInMs)).toBeGreaterThan(Number(first.expiresInMs));
  socket.say({ type: "authenticate", token: bo.token });
  expect(await socket.hear("error")).toMatchObject({ problem: { code: "Forbidden" } });
  socket.say({ type: "unwatch", gameId: "x" });
  await socket.hear("unwatched");
  await socket.close();
});

test("a socket is closed when its token runs out", async () => {
  // On a busy machine a token may have run out before it is shown; then one that lives longer is tried.
  for (let seconds = 2; ; seconds *= 2) {
    const socket = await TestSocket.open(server.address);
    const exp = Math.floor(Date.now() / 1_000) + seconds;
    socket.say({ type: "authenticate", token: await tokenFor(ada.id, { exp }) });
    const closed = await socket.closed;
    if (socket.heard[0]?.type !== "authenticated" && seconds < 60) continue;
    expect(socket.heard[0]?.type).toBe("authenticated");
    expect(closed).toEqual({ code: 4001, reason: "the token has run out" });
    break;
  }
});

test("a page of another origin is refused before the upgrade; own, allowed and none may connect", async () => {
  for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"]) {
    await expect(TestSocket.open(server.address, { origin })).rejects.toMatchObject({ status: 403 });
  }
  const reports = server
    .logged()
    .split("\n")
    .filter((line) => line.includes("ALLOWED_ORIGINS"));
  expect(reports).toHaveLength(3);
  expect(reports[0]).toContain('"origin":"https://evil.example"');
  await expect(TestSocket.open(server.address, { origin: "https://evil.example" })).rejects.toThrow();
  expect(server.logged().split("ALLOWED_ORIGINS")).toHaveLength(4);
  for (const origin of [server.address, "https://ally.example"]) {
    await (await TestSocket.open(server.address, { origin })).close();
  }
});

test("a flood closes the socket with 1008", async () => {
  const socket = await ada.connect(server.address);
  for (let count = 0; count < 500; count += 1) socket.raw.send('{"type":"unwatch","gameId":"x"}', () => undefined);
  expect(await socket.hear("error")).toMatchObject({ problem: { code: "RateLimited" } });
  expect(await socket.closed).toMatchObject({ code: 1008 });
});

test("a flood of pings does as well", async () => {
  const socket = await ada.connect(server.address);
  for (let pings = 0; pings < 500 && socket.raw.readyState === socket.raw.OPEN; pings += 1) {
    socket.raw.ping();
    await Promise.race([once(socket.raw, "pong"), socket.closed]);
  }
  expect(await socket.closed).toMatchObject({ code: 1008, reason: "too many messages" });
});

test("a message over the limit closes the socket with 1009", async () => {
  const socket = await ada.connect(server.address);
  socket.say({ type: "watch", gameId: "x".repeat(70_000) });
  expect(await socket.closed).toMatchObject({ code: 1009 });
  expect((await ask(server.address, "/readyz")).status).toBe(200);
});

test("in demo mode anybody gets a token of their own, and spectators need none", async () => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ name: "Dee" });
  const issued = await ask(demo.address, "/demo/token", { method: "POST", headers, body });
  expect(issued).toMatchObject({ status: 201, body: { name: "Dee" } });
  const another = await ask(demo.address, "/demo/token", { method: "POST", headers, body });
  expect(another.body.playerId).not.toBe(issued.body.playerId);
  const created = await ask(demo.address, "/games", {
    method: "POST",
    headers: { ...headers, authorization: `Bearer ${issued.body.token}` },
    body: JSON.stringify({ writeId: randomUUID(), npcId: "kilnkeeper" }),
  });
  expect(created.status).toBe(201);
  const { gameId } = created.body;

  const live = await ask(demo.address, "/live");
  expect(live.body.games).toMatchObject([{ gameId, view: { viewerId: null } }]);
  const spectator = await TestSocket.open(demo.address);
  spectator.say({ type: "authenticate", token: null });
  expect(await spectator.hear("authenticated")).toMatchObject({ playerId: null });
  spectator.say({ type: "watch", gameId });
  expect(await spectator.hear("view")).toMatchObject({ gameId, view: { viewerId: null } });
  spectator.say({ type: "act", requestId: "r", gameId, writeId: randomUUID(), action: { type: "endTurn" } });
  expect(await spectator.hear("error")).toMatchObject({ requestId: "r", problem: { code: "Unauthenticated" } });
  await spectator.close();
});

test("a socket that answers no ping is ended", async () => {
  const brisk = await startTestServer({ environment: { HEARTBEAT_EVERY_MS: "500" } });
  const socket = await ada.connect(brisk.address);
  const deaf = await TestSocket.open(brisk.address);
  deaf.raw.pong = () => undefined;
  deaf.say({ type: "authenticate", token: ada.token });
  expect(await deaf.closed).toMatchObject({ code: 1006 });
  socket.say({ type: "unwatch", gameId: "x" });
  await socket.hear("unwatched");
  await brisk.stop();
});

test("a server that stops says so to its sockets, and takes nothing more", async () => {
  const brief = await startTestServer();
  const socket = await ada.connect(brief.address);
  await brief.stop();
  expect(await socket.closed).toMatchObject({ code: 1001 });
  await expect(ask(brief.address, "/livez")).rejects.toThrow();
});
