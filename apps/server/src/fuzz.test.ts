import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { patienceMs } from "@turnkeep/dev-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { RandomMessages, seededRandom } from "./testing/random-messages.js";
import { ask, playOneMove, type SeenGame, TestPlayer } from "./testing/test-player.js";
import { startTestServer, type TestServer } from "./testing/test-server.js";

/* One seed for all: what it finds, it finds again. */
const seed = 20_261_123;
const httpMessages = 9_000;
const socketMessages = 12_500;
const brokenConnections = 400;

let server: TestServer;
let players: readonly [TestPlayer, TestPlayer, TestPlayer];
let games: SeenGame[];

beforeAll(async () => {
  server = await startTestServer({
    environment: { SOCKET_MESSAGES_PER_SECOND: "100000", SOCKETS_PER_PLAYER: "0", LOG_LEVEL: "error" },
  });
  players = [await TestPlayer.create(), await TestPlayer.create(), await TestPlayer.create()];
  games = [];
  for (let count = 0; count < 4; count += 1) games.push(await players[0].invite(server.address, players[1]));
  await players[0].post(server.address, `/games/${games[0]?.gameId}/concede`, { writeId: randomUUID() });
});
afterAll(() => server.stop());

/** Whatever was sent: nothing failed inside, the server is ready, and a game can be played on. */
async function stillServes(): Promise<void> {
  expect((await ask(server.address, "/readyz")).status).toBe(200);
  const failures = server
    .logged()
    .split("\n")
    .filter((line) => line.includes('"level":50'));
  expect(failures).toEqual([]);
  const [ada, bo] = players;
  const { gameId } = await ada.invite(server.address, bo);
  await playOneMove(server.address, gameId, [ada, bo]);
}

/** As many at once as there are lanes; each lane has its own numbers, so that a run is the same whatever is slow. */
async function inLanes(
  lanes: number,
  total: number,
  work: (make: RandomMessages, count: number) => Promise<void>,
): Promise<void> {
  const each = Math.ceil(total / lanes);
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) => work(new RandomMessages(seededRandom(seed + lane)), each)),
  );
}

const oddIds = ["", "x", "%00", "..", "{}", "%E0%A4%A", "0".repeat(300), "__proto__", "%F0%9F%82%A1"];

function soundWrite(make: RandomMessages): Record<string, unknown> {
  const game = make.pick(games);
  const action = make.chance(0.3)
    ? chooseActionFromView(game.view)
    : { type: make.pick(["endTurn", "draw", "attack", "promote"]) };
  const rest = make.chance(0.3) ? { expectedVersion: game.version } : {};
  return { writeId: make.chance(0.5) ? randomUUID() : "same-write-id", action: action ?? { type: "endTurn" }, ...rest };
}

function httpMessage(make: RandomMessages): {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
} {
  const id = make.chance(0.8) ? make.pick(games).gameId : make.pick(oddIds);
  const player = make.pick(players);
  const headers: Record<string, string> = make.chance(0.95) ? { authorization: `Bearer ${player.token}` } : {};
  if (make.chance(0.05))
    headers.authorization = make.pick(["Bearer", "Bearer x.y.z", "Basic eDp5", `Bearer ${"a".repeat(7_000)}`]);
  if (make.chance(0.1)) headers["if-match"] = make.pick(['"1.1"', "*", "W/", '"'.repeat(50), make.pick(games).version]);
  if (make.chance(0.1)) headers["if-none-match"] = make.pick(['"1.1"', "*", ",,,", `"${make.pick(games).version}"`]);
  if (make.chance(0.1)) headers["idempotency-key"] = make.pick(["x", '"same-write-id"', "a".repeat(500), randomUUID()]);
  if (make.chance(0.4)) {
    const query = make.pick([
      "",
      "?limit=-1",
      "?limit=1e9",
      "?after=%00",
      "?after=e30",
      "?x[]=1&x=2",
      "?token=eyJ.e30.x",
      `?after=${"9".repeat(600)}`,
    ]);
    const path = make.pick([
      "/games",
      "/history",
      "/live",
      `/games/${id}`,
      `/games/${id}/replay`,
      "/docs/static/..%2f..%2fpackage.json",
      "//",
      `/${id}`,
    ]);
    return { method: make.pick(["GET", "GET", "HEAD", "DELETE", "OPTIONS", "PUT"]), path: path + query, headers };
  }
  const type = make.chance(0.95)
    ? "application/json"
    : make.pick(["text/plain", "application/xml", "", "application/json; charset=utf-16"]);
  const [path, sound] = make.pick<[string, Record<string, unknown>]>([
    [`/games/${id}/actions`, soundWrite(make)],
    [`/games/${id}/actions`, soundWrite(make)],
    [`/games/${id}/concede`, { writeId: "x" }],
    [`/games/${id}/join`, {}],
    ["/games", { writeId: "same-write-id", npcId: "kilnkeeper", gameType: "campaign", deck: "kiln", name: "A" }],
  ]);
  const text = make.mutate(sound);
  const body = make.chance(0.03) ? make.bytes(40) : text;
  return { method: "POST", path, headers: { ...headers, "content-type": type }, body };
}

test(`${httpMessages} odd requests: each is answered, none with an error of the server's own`, async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const { hostname, port } = new URL(server.address);
  const statuses = new Map<number, number>();
  await inLanes(16, httpMessages, async (make, count) => {
    for (let at = 0; at < count; at += 1) {
      const message = httpMessage(make);
      const { body, ...rest } = message;
      const sent = httpRequest({ agent, hostname, port, ...rest });
      sent.end(body);
      const [response] = await once(sent, "response");
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      if (response.statusCode >= 500)
        throw new Error(`${response.statusCode} for ${JSON.stringify(message)}: ${Buffer.concat(chunks)}`);
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
    }
  });
  agent.destroy();
  // It reaches behind the doors, and not only them.
  for (const status of [200, 400, 401, 403, 404, 409]) expect(statuses.get(status), String(status)).toBeGreaterThan(10);
  await stillServes();
});

test(`${socketMessages} odd messages over sockets: each is answered or its socket closed for it`, async () => {
  const codes = new Map<number | string, number>();
  const note = (what: number | string) => codes.set(what, (codes.get(what) ?? 0) + 1);
  await inLanes(8, socketMessages, async (make, count) => {
    let socket: WebSocket | null = null;
    let unanswered = 0;
    for (let at = 0; at < count; at += 1) {
      if (socket === null || socket.readyState !== WebSocket.OPEN) socket = await openSocket(make);
      socket.send(socketMessage(make), () => undefined);
      unanswered += 1;
      if (unanswered < 4) continue;
      unanswered = 0;
      await untilAnswered(socket);
    }
    socket?.terminate();
  });
  for (const code of ["InvalidInput", "InvalidState", "InvalidGameId", "Forbidden", "GameEnded", 1008]) {
    expect(codes.get(code), String(code)).toBeGreaterThan(5);
  }
  expect([...codes.keys()]).not.toContain("InternalError");
  expect([...codes.keys()]).not.toContain(1011);
  await stillServes();

  async function openSocket(make: RandomMessages): Promise<WebSocket> {
    const socket = new WebSocket(`${server.address.replace("http", "ws")}/ws`);
    socket.on("error", () => undefined);
    socket.on("close", note);
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.type === "error") note(message.problem.code);
    });
    await once(socket, "open");
    if (make.chance(0.97)) socket.send(JSON.stringify({ type: "authenticate", token: make.pick(players).token }));
    return socket;
  }

  /** Pings are answered behind what was sent before; a closed socket answers none. */
  async function untilAnswered(socket: WebSocket): Promise<void> {
    if (socket.readyState !== WebSocket.OPEN) return;
    const finished = new AbortController();
    const signal = AbortSignal.any([finished.signal, AbortSignal.timeout(patienceMs)]);
    socket.ping(() => undefined);
    await Promise.race([once(socket, "pong", { signal }), once(socket, "close", { signal })]);
    finished.abort();
  }
});

function socketMessage(make: RandomMessages): string | Buffer {
  if (make.chance(0.02)) return make.bytes(60);
  const gameId = make.chance(0.9) ? make.pick(games).gameId : make.pick(oddIds);
  const sound = make.pick<Record<string, unknown>>([
    { type: "watch", gameId, requestId: "r" },
    { type: "unwatch", gameId },
    { type: "act", requestId: "r", gameId, ...soundWrite(make) },
    { type: "act", requestId: "r", gameId, ...soundWrite(make) },
  ]);
  return make.chance(0.7) ? JSON.stringify(sound) : make.mutate(sound);
}

test(`${brokenConnections} connections that speak no sound HTTP or WebSocket are ended`, async () => {
  const { hostname, port } = new URL(server.address);
  const upgrade =
    "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  await inLanes(8, brokenConnections, async (make, count) => {
    for (let at = 0; at < count; at += 1) {
      const start = make.pick<string | Buffer>([
        make.bytes(200),
        "GET / HTTP/9.9\r\n\r\n",
        "POST /games HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /games HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        `GET /${"a".repeat(make.below(20_000))} HTTP/1.1\r\nHost: x\r\n`,
        `${upgrade}Sec-WebSocket-Key: short\r\n\r\n`,
        upgrade + key,
      ]);
      const socket = connect(Number(port), hostname).on("error", () => undefined);
      socket.resume();
      socket.write(start);
      socket.write(make.bytes(100));
      socket.end();
      if (!socket.closed) await once(socket, "close", { signal: AbortSignal.timeout(patienceMs) });
    }
  });
  await stillServes();
});
