import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type Answer, ask, TestPlayer } from "../testing/test-player.js";
import { startTestServer } from "../testing/test-server.js";
import { TestSocket } from "../testing/test-socket.js";
import { addressOf } from "./address.js";

const refused = { status: 429, body: { code: "RateLimited" } };

async function askTimes(count: number, one: () => Promise<Answer>): Promise<Answer | undefined> {
  let last: Answer | undefined;
  for (let at = 0; at < count; at += 1) last = await one();
  return last;
}

test("a player is limited wherever they come from, and others of the same address are not", async () => {
  const server = await startTestServer({ environment: { RATE_LIMIT_PER_MINUTE: "3" } });
  const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
  expect(await askTimes(3, () => ada.get(server.address, "/games"))).toMatchObject({ status: 200 });
  const answer = await ada.get(server.address, "/games");
  expect(answer).toMatchObject(refused);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await bo.get(server.address, "/games")).toMatchObject({ status: 200 });
  await server.stop();
});

test("an address is limited whatever tokens it sends and whatever it asks for, but for health", async () => {
  const environment = { ADDRESS_RATE_LIMIT_PER_MINUTE: "5", TRUST_PROXY: "true" };
  const server = await startTestServer({ environment });
  const from = (address: string) => ({
    headers: { "x-forwarded-for": address, authorization: `Bearer ${randomUUID()}` },
  });
  const nowhere = (address: string) => ask(server.address, `/nowhere/${randomUUID()}`, from(address));
  expect(await askTimes(5, () => nowhere("2001:db8::1"))).toMatchObject({ status: 404 });
  expect(await nowhere("2001:db8::ffff")).toMatchObject(refused);
  expect(await nowhere("2001:db8:0:1::1")).toMatchObject({ status: 404 });
  expect(await ask(server.address, "/readyz", from("2001:db8::1"))).toMatchObject({ status: 200 });
  await server.stop();
});

test("a port behind an address in X-Forwarded-For makes no other address", async () => {
  const server = await startTestServer({ environment: { ADDRESS_RATE_LIMIT_PER_MINUTE: "2", TRUST_PROXY: "true" } });
  const from = (address: string) => ask(server.address, "/nowhere", { headers: { "x-forwarded-for": address } });
  expect(await from("192.0.2.1:1000")).toMatchObject({ status: 404 });
  expect(await from("192.0.2.1:1001")).toMatchObject({ status: 404 });
  expect(await from("192.0.2.1:1002")).toMatchObject(refused);
  await server.stop();
  expect(addressOf("[2001:db8::1]:443")).toBe(addressOf("2001:db8::2"));
  expect(addressOf("unix:")).toBe(addressOf("nonsense"));
});

test("a player begins so many games in an hour, however soon they end", async () => {
  const server = await startTestServer({ environment: { NEW_GAMES_PER_HOUR: "2" } });
  const ada = await TestPlayer.create();
  const begin = async () => {
    const created = await ada.post(server.address, "/games", { writeId: randomUUID(), npcId: "kilnkeeper" });
    if (created.status !== 201) return created;
    return ada.post(server.address, `/games/${created.body.gameId}/concede`, { writeId: randomUUID() });
  };
  expect(await askTimes(2, begin)).toMatchObject({ status: 200 });
  expect(await begin()).toMatchObject(refused);
  const { token } = (await (await TestPlayer.create()).post(server.address, "/invites", {})).body;
  expect(await ada.post(server.address, "/invites/accept", { token })).toMatchObject(refused);
  await server.stop();
});

test("one network of IPv6 counts as one address, and IPv4 is the same in both spellings", () => {
  expect(addressOf("2001:db8:0:0:1::1")).toBe(addressOf("2001:db8::2"));
  expect(addressOf("2001:db8:0:1::1")).not.toBe(addressOf("2001:db8::1"));
  expect(addressOf("::ffff:192.0.2.1")).toBe(addressOf("192.0.2.1"));
});

test("a player and an address have so many sockets, and get a place back when one closes", async () => {
  const server = await startTestServer({ environment: { SOCKETS_PER_PLAYER: "2", SOCKETS_PER_ADDRESS: "4" } });
  const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
  const first = await ada.connect(server.address);
  const second = await ada.connect(server.address);
  const third = await TestSocket.open(server.address);
  third.say({ type: "authenticate", token: ada.token });
  expect(await third.hear("error")).toMatchObject({ problem: { code: "RateLimited" } });
  expect(await third.closed).toMatchObject({ code: 1008 });
  const others = [await bo.connect(server.address), await bo.connect(server.address)];
  await expect(TestSocket.open(server.address)).rejects.toMatchObject({ status: 429 });
  await first.close();
  const again = await ada.connect(server.address);
  for (const socket of [second, again, ...others]) await socket.close();
  await server.stop();
});

test("a socket watches so many games", async () => {
  const server = await startTestServer({ environment: { SOCKET_WATCHED_GAMES: "1" } });
  const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
  const games = [await ada.invite(server.address, bo), await ada.invite(server.address, bo)];
  const socket = await ada.connect(server.address);
  for (const { gameId } of games) socket.say({ type: "watch", gameId });
  expect(await socket.hear("error")).toMatchObject({ gameId: games[1]?.gameId, problem: { code: "Forbidden" } });
  socket.say({ type: "unwatch", gameId: games[0]?.gameId });
  socket.say({ type: "watch", gameId: games[1]?.gameId });
  await socket.hear("watching", ({ gameId }) => gameId === games[1]?.gameId);
  await socket.close();
  await server.stop();
});

test("pages of allowed origins may call the API, others may not, and the page says so to none", async () => {
  const server = await startTestServer({ environment: { ALLOWED_ORIGINS: "https://ally.example" } });
  const ada = await TestPlayer.create();
  const ally = await ada.get(server.address, "/games", { origin: "https://ally.example" });
  expect(ally.headers.get("access-control-allow-origin")).toBe("https://ally.example");
  expect(ally.headers.get("access-control-expose-headers")).toContain("etag");
  const foreign = await ada.get(server.address, "/games", { origin: "https://evil.example" });
  expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  await server.stop();
});

test("while the event loop is late new requests are refused for a while, but not those for health", async () => {
  const server = await startTestServer({ environment: { MAX_EVENT_LOOP_DELAY_MS: "200" } });
  const stall = setInterval(() => {
    const until = performance.now() + 500;
    while (performance.now() < until);
  }, 510);
  let answer: Answer;
  do answer = await ask(server.address, "/openapi.json");
  while (answer.status === 200);
  expect(answer).toMatchObject({ status: 503, body: { code: "Overloaded" } });
  expect(answer.headers.get("retry-after")).toBe("2");
  expect(await ask(server.address, "/livez")).toMatchObject({ status: 200 });
  clearInterval(stall);
  do answer = await ask(server.address, "/openapi.json");
  while (answer.status === 503);
  expect(answer.status).toBe(200);
  await server.stop();
});
