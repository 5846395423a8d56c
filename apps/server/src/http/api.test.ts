import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { createMemoryStore } from "@turnkeep/memory";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ask, playOneMove, TestPlayer } from "../testing/test-player.js";
import { startTestServer, type TestServer } from "../testing/test-server.js";

let server: TestServer;
let [ada, bo, cy]: TestPlayer[] = [];
beforeAll(async () => {
  server = await startTestServer();
  [ada, bo, cy] = await Promise.all([TestPlayer.create(), TestPlayer.create(), TestPlayer.create()]);
});
afterAll(() => server.stop());

/** The cast, known to be there. */
function cast() {
  if (ada === undefined || bo === undefined || cy === undefined) throw new Error("no players");
  return { ada, bo, cy, url: server.address };
}

test("a game begins when the invitation is accepted, and is seen by each from their own side", async () => {
  const { ada, bo, url } = cast();
  const invited = await ada.post(url, "/invites", { name: "Ada" });
  const created = await bo.post(url, "/invites/accept", { token: invited.body.token, name: "Bo" });
  expect(created.status).toBe(201);
  const gameId = String(created.body.gameId);
  expect(created.headers.get("location")).toBe(`../games/${gameId}`);
  expect(created.body).toMatchObject({ status: "live", stale: false, view: { viewerId: bo.id, phase: "setup" } });

  const joined = await bo.post(url, `/games/${gameId}/join`, {});
  expect(joined.status).toBe(200);
  expect(joined.body).toMatchObject({ version: created.body.version, view: { viewerId: bo.id } });
  const { players } = (await bo.see(url, gameId)).view;
  expect(players[bo.id]?.hand).toHaveLength(5);
  expect(players[ada.id]).toMatchObject({ hand: null, handCount: 5, name: "Ada" });
});

test("the same write id makes one game, the same game id too, and nobody takes another's id", async () => {
  const { ada, bo, cy, url } = cast();
  const create = (player: TestPlayer, request: object) =>
    player.post(url, "/games", { npcId: "kilnkeeper", ...request });
  const [writeId, gameId] = [randomUUID(), randomUUID()];
  const first = await create(ada, { writeId });
  expect(await create(ada, { writeId })).toMatchObject({ status: 201, body: { gameId: first.body.gameId } });
  expect((await create(bo, { writeId })).body.gameId).not.toBe(first.body.gameId);
  const chosen = await create(ada, { writeId: randomUUID(), gameId });
  expect(await create(ada, { writeId: randomUUID(), gameId })).toMatchObject({
    status: 201,
    body: { gameId, version: chosen.body.version },
  });
  const taken = { status: 409, body: { code: "GameExists", details: { gameId } } };
  expect(await create(cy, { writeId: randomUUID(), gameId })).toMatchObject(taken);
});

test.each([
  ["rules", { rules: { prizeCount: 1 } }],
  ["NPC", { npcId: "marsh-warden" }],
  ["deck", { deck: "marsh" }],
  ["NPC's deck", { opponentDeck: "marsh" }],
  ["name", { name: "Another" }],
])(
  "a creation over an id in use with another %s is refused, also once the game has moved on or ended",
  async (_what, other) => {
    const { ada, url } = cast();
    const gameId = randomUUID();
    const request = { writeId: randomUUID(), gameId, npcId: "kilnkeeper", deck: "kiln", name: "Ada" };
    expect(await ada.post(url, "/games", request)).toMatchObject({ status: 201 });
    const conflict = { status: 409, body: { code: "GameExists" } };
    const tryBoth = async () => {
      expect(await ada.post(url, "/games", { ...request, ...other })).toMatchObject(conflict);
      expect(await ada.post(url, "/games", { ...request, ...other, writeId: randomUUID() })).toMatchObject(conflict);
      expect(await ada.post(url, "/games", request)).toMatchObject({ status: 201, body: { gameId } });
    };
    await tryBoth();
    for (let move = 0; move < 20; move += 1) if ((await playOneMove(url, gameId, [ada])).status !== "live") break;
    await tryBoth();
    await ada.post(url, `/games/${gameId}/concede`, { writeId: randomUUID() });
    await tryBoth();
  },
);

test("the id of an invitation begins a game by accepting alone, by the inviter's rules", async () => {
  const { ada, bo, cy, url } = cast();
  const { token, gameId } = (await ada.post(url, "/invites", { rules: { prizeCount: 1 } })).body;
  for (const player of [ada, bo, cy]) {
    const request = { writeId: randomUUID(), npcId: "kilnkeeper", gameId, rules: { prizeCount: 6 } };
    expect(await player.post(url, "/games", request)).toMatchObject({ status: 403, body: { code: "Forbidden" } });
  }
  const begun = await bo.post(url, "/invites/accept", { token });
  expect(begun).toMatchObject({ status: 201, body: { gameId, view: { rules: { prizeCount: 1 } } } });
});

test.each([
  ["a seat for another player", {}],
  ["a ranked game against another player", { gameType: "ranked" }],
  ["a name and a deck for another player", { opponentName: "Loser", opponentDeck: "marsh" }],
])("nobody gets into a game without accepting it: %s is refused, and nothing is kept of it", async (_what, rest) => {
  const { ada, cy, url } = cast();
  const request = { writeId: randomUUID(), opponentId: cy.id, rules: { turnTimeMs: 8_000 }, ...rest };
  expect(await ada.post(url, "/games", request)).toMatchObject({ status: 400, body: { code: "InvalidInput" } });
  for (const list of ["/games", "/history"]) expect((await cy.get(url, list)).body.items).toEqual([]);
});

test("an action is applied once, however often it is sent, and only over the expected version", async () => {
  const { ada, bo, url } = cast();
  const { gameId } = await ada.invite(url, bo);
  await playOneMove(url, gameId, [ada, bo]);
  const views = { ada: await ada.see(url, gameId), bo: await bo.see(url, gameId) };
  const adasAction = chooseActionFromView(views.ada.view);
  const [other, before] = adasAction === null ? [bo, views.bo] : [ada, views.ada];
  const action = adasAction ?? chooseActionFromView(views.bo.view);
  const writeId = randomUUID();
  const done = await other.act(url, before, action, { writeId });
  expect(done).toMatchObject({ status: 200, body: { duplicate: false } });
  const again = await other.act(url, before, action, { writeId });
  expect(again).toMatchObject({ status: 200, body: { duplicate: true, version: done.body.version } });

  const stale = await other.act(url, before, { type: "draw" });
  expect(stale).toMatchObject({
    status: 409,
    body: { code: "RevisionConflict", details: { expected: before.version, actual: done.body.version } },
  });
  expect(stale.headers.get("content-type")).toContain("application/problem+json");
});

test("two players who choose the same write id make two writes", async () => {
  const { ada, bo, url } = cast();
  const { gameId } = await ada.invite(url, bo);
  const writeId = "write-0001";
  // Where a hand had to be dealt again, its opponent may draw before both lay out.
  const isForced = async () =>
    (await Promise.all([ada, bo].map((player) => player.see(url, gameId)))).some(
      ({ view }) => view.forcedActions.length > 0,
    );
  while (await isForced()) await playOneMove(url, gameId, [ada, bo]);
  const firstSeen = await playOneMove(url, gameId, [ada, bo], { writeId });
  const secondSeen = await playOneMove(url, gameId, [ada, bo], { writeId });
  expect(secondSeen).toMatchObject({ duplicate: false, view: { phase: "draw" } });
  expect(secondSeen.view.viewerId).not.toBe(firstSeen.view.viewerId);

  expect((await ada.post(url, `/games/${gameId}/concede`, { writeId: "write-0002" })).status).toBe(200);
  const late = await bo.post(url, `/games/${gameId}/concede`, { writeId: "write-0002" });
  expect(late).toMatchObject({ status: 409, body: { code: "GameEnded" } });
});

test("the server writes when an action came, whatever the client says", async () => {
  const { ada, bo, url } = cast();
  const { gameId } = await ada.invite(url, bo);
  const began = Date.now();
  const seen = await playOneMove(url, gameId, [ada, bo]);
  const mover = seen.view.viewerId === ada.id ? ada : bo;
  const lied = await mover.post(url, `/games/${gameId}/concede`, { writeId: randomUUID() });
  expect(lied.status).toBe(200);
  const replay = await mover.get(url, `/games/${gameId}/replay`);
  const log = replay.body.log as { writeId: string; entries: { action: { at: number } }[] }[];
  expect(log).toHaveLength(2);
  for (const { entries } of log) expect(entries[0]?.action.at).toBeGreaterThanOrEqual(began);

  const next = await ada.invite(url, bo);
  const first = [ada, bo].find(({ id }) => id === next.view.currentPlayerId) ?? ada;
  const own = await first.see(url, next.gameId);
  await first.act(url, own, { type: "concede", at: 1 });
  const answered = (await first.get(url, `/games/${next.gameId}/replay`)).body.log as typeof log;
  expect(answered[0]?.entries[0]?.action.at).toBeGreaterThanOrEqual(began);
});

test("a view that has not changed is not sent again", async () => {
  const { ada, bo, url } = cast();
  const { gameId } = await ada.invite(url, bo);
  const first = await ada.get(url, `/games/${gameId}`);
  const etag = first.headers.get("etag") ?? "";
  expect(first.headers.get("vary")?.toLowerCase()).toContain("authorization");
  expect((await ada.get(url, `/games/${gameId}`, { "if-none-match": etag })).status).toBe(304);
  await playOneMove(url, gameId, [ada, bo]);
  expect((await ada.get(url, `/games/${gameId}`, { "if-none-match": etag })).status).toBe(200);
});

test("a conceded game is over for both: in history, with its replay, and nothing can be done any more", async () => {
  const { ada, bo, cy, url } = cast();
  const { gameId } = await ada.invite(url, bo);
  expect((await ada.get(url, "/games")).body.items).toContainEqual(expect.objectContaining({ gameId, status: "live" }));
  expect(await ada.get(url, `/games/${gameId}/replay`)).toMatchObject({ status: 404, body: { code: "GameNotFound" } });
  const writeId = randomUUID();
  const conceded = await bo.post(url, `/games/${gameId}/concede`, { writeId });
  expect(conceded).toMatchObject({ status: 200, body: { status: "ended", durability: "durable" } });

  const seen = await ada.see(url, gameId);
  expect(seen).toMatchObject({ version: null, status: "archived", view: { result: { winnerId: ada.id } } });
  expect((await ada.get(url, "/games")).body.items).not.toContainEqual(expect.objectContaining({ gameId }));
  for (const player of [ada, bo]) {
    const history = await player.get(url, "/history?limit=1");
    expect(history.body.items).toMatchObject([{ gameId, outcome: { endReason: "concession", winnerIds: [ada.id] } }]);
  }
  expect((await ada.get(url, `/games/${gameId}/replay`)).body.log).toHaveLength(1);
  expect(await cy.get(url, `/games/${gameId}/replay`)).toMatchObject({ status: 200, body: { log: null } });
  const again = await bo.post(url, `/games/${gameId}/concede`, { writeId });
  expect(again).toMatchObject({ status: 200, body: { status: "ended", duplicate: true, durability: "durable" } });
  expect(await cy.post(url, `/games/${gameId}/concede`, { writeId })).toMatchObject({ body: { code: "GameEnded" } });
  const late = await ada.post(url, `/games/${gameId}/concede`, { writeId: randomUUID() });
  expect(late).toMatchObject({ status: 409, body: { code: "GameEnded" } });
});

test("a list goes on where the page before ended", async () => {
  const { url } = cast();
  const [one, two] = [await TestPlayer.create(), await TestPlayer.create()];
  const ids = new Set<string>();
  for (let count = 0; count < 5; count += 1) ids.add((await one.invite(url, two)).gameId);
  const seen: string[] = [];
  let after: unknown = null;
  do {
    const query = after === null ? "" : `&after=${encodeURIComponent(String(after))}`;
    const page = await one.get(url, `/games?limit=2${query}`);
    const items = page.body.items as { gameId: string }[];
    expect(items.length).toBeLessThanOrEqual(2);
    seen.push(...items.map(({ gameId }) => gameId));
    after = page.body.next;
  } while (after !== null);
  expect(seen).toHaveLength(5);
  expect(new Set(seen)).toEqual(ids);
});

test("the health endpoints answer anybody", async () => {
  const { url } = cast();
  expect(await ask(url, "/livez")).toMatchObject({ status: 200, body: { status: "ok" } });
  expect(await ask(url, "/readyz")).toMatchObject({ status: 200, body: { store: "up", cache: "up" } });
});

test("however many ask at once whether it is ready, the stores are asked once", async () => {
  const store = createMemoryStore();
  const pingMs = 200;
  const ping = vi.spyOn(store, "ping").mockImplementation(async () => void (await delay(pingMs)));
  const asked = await startTestServer({ store });
  ping.mockClear();
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(asked.address, "/readyz")));
  const ms = performance.now() - began;
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  // One at a time, for all who ask meanwhile.
  expect(ping.mock.calls.length).toBeLessThanOrEqual(Math.ceil(ms / (pingMs - 1)));
  await asked.stop();
});
