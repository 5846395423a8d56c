import { randomUUID } from "node:crypto";
import { settingsSchema } from "@turnkeep/manager";
import { afterAll, beforeAll, expect, test } from "vitest";
import { playOneMove, type SeenGame, TestPlayer } from "../testing/test-player.js";
import { startTestServer, type TestServer } from "../testing/test-server.js";
import { shortestTurnMs } from "./served/game-rules.js";

interface Step {
  readonly seq: number;
  readonly playerId: string | null;
  readonly records: readonly { readonly seq: number; readonly type: string }[];
  readonly view: SeenGame["view"];
}

let server: TestServer;
let [ada, bo, cy]: TestPlayer[] = [];
beforeAll(async () => {
  server = await startTestServer();
  [ada, bo, cy] = await Promise.all([TestPlayer.create(), TestPlayer.create(), TestPlayer.create()]);
});
afterAll(() => server.stop());

function cast() {
  if (ada === undefined || bo === undefined || cy === undefined) throw new Error("no players");
  return { ada, bo, cy, url: server.address };
}

/** Plays until it is over, or so many moves long; what the last mover saw. */
async function play(gameId: string, players: readonly TestPlayer[], moves = 1_000): Promise<SeenGame> {
  for (let move = 1; ; move += 1) {
    const seen = await playOneMove(server.address, gameId, players);
    if (seen.status !== "live" || move === moves) return seen;
  }
}

test("a campaign game is played alone against an NPC, to its end, without ever waiting for it", async () => {
  const { ada, url } = cast();
  for (let game = 0; game < 4; game += 1) {
    const created = await ada.post(url, "/games", { writeId: randomUUID(), npcId: "kilnkeeper" });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ view: { gameType: "campaign" }, result: null });
    const gameId = String(created.body.gameId);
    const over = await play(gameId, [ada]);
    expect(over).toMatchObject({ status: "ended", durability: "durable" });
    const { winner, loser } = over.result as { winner: string | null; loser: string | null };
    const sides = [ada.id, "npc:kilnkeeper"];
    if (winner !== null) expect([winner, loser].sort()).toEqual(sides.sort());
    const [record] = (await ada.get(url, "/history?limit=1")).body.items as Record<string, unknown>[];
    expect(record).toMatchObject({ gameId, gameType: "campaign", npcId: "kilnkeeper", playerIds: [ada.id] });
    expect(record).toMatchObject({ outcome: { winnerIsNpc: winner === "npc:kilnkeeper" } });
    const { log } = (await ada.get(url, `/games/${gameId}/replay`)).body as { log: { entries: Step[] }[] };
    expect(log.flatMap(({ entries }) => entries).some(({ playerId }) => playerId === "npc:kilnkeeper")).toBe(true);
  }
});

test.each([
  ["nobody to play against", {}, "npcId"],
  ["both a user and an NPC", { npcId: "kilnkeeper", opponentId: randomUUID() }, "opponentId"],
  ["an unknown NPC", { npcId: "nobody" }, "npcId"],
  ["a ranked game against an NPC", { npcId: "kilnkeeper", gameType: "ranked" }, "gameType"],
  ["a rule that is none", { npcId: "kilnkeeper", rules: { mercy: true } }, "rules"],
  ["a rule beside the rules", { npcId: "kilnkeeper", rules: { deckSize: 60 } }, "rules"],
  ["a game without end", { npcId: "kilnkeeper", rules: { turnLimit: 1_000_000 } }, "rules.turnLimit"],
  [
    "turns shorter than an outage may count",
    { npcId: "kilnkeeper", rules: { turnTimeMs: 5_000 } },
    "turnTimeMs: must be",
  ],
  ["rules that are no object", { npcId: "kilnkeeper", rules: "easy" }, "rules"],
])("no game is made of %s", async (_what, request, field) => {
  const { cy, url } = cast();
  const refused = await cy.post(url, "/games", { writeId: randomUUID(), ...request });
  expect(refused).toMatchObject({ status: 400, body: { code: "InvalidInput" } });
  expect(String(refused.body.detail)).toContain(field);
  expect((await cy.get(url, "/games")).body.items).toEqual([]);
});

test("a game is played by the rules that it was given", async () => {
  const { ada, bo, url } = cast();
  const rules = { handLimit: 5, turnTimeMs: null, openAfterEnd: true };
  const { gameId, view } = await ada.invite(url, bo, { rules });
  expect(view.rules).toMatchObject({ ...rules, deckSize: 30 });
  expect(view.turnDueAt).toBeNull();
  await bo.post(url, `/games/${gameId}/concede`, { writeId: randomUUID() });
  const replay = await bo.get(url, `/games/${gameId}/replay`);
  expect(replay.body.rules).toMatchObject(rules);
});

test("the shortest turn that players may set outlasts what an outage may count as", async () => {
  const { ada, bo, url } = cast();
  expect(shortestTurnMs).toBeGreaterThanOrEqual(settingsSchema.parse({}).advanced.serviceGapMs + 2_000);
  const { view } = await ada.invite(url, bo, { rules: { turnTimeMs: shortestTurnMs } });
  expect(view.rules.turnTimeMs).toBe(shortestTurnMs);
});

test("a player with an invitation's token begins the game, once; a second player does not", async () => {
  const { ada, bo, cy, url } = cast();
  const invited = await ada.post(url, "/invites", { deck: "marsh", name: "Ada", rules: { prizeCount: 1 } });
  expect(invited.status).toBe(201);
  const { token, gameId } = invited.body as { token: string; gameId: string };
  expect(await ada.get(url, `/games/${gameId}`)).toMatchObject({ status: 404 });
  expect(await ada.post(url, "/invites/accept", { token })).toMatchObject({ status: 400 });

  const accepted = await bo.post(url, "/invites/accept", { token, deck: "kiln", name: "Bo" });
  expect(accepted).toMatchObject({
    status: 201,
    body: { gameId, view: { viewerId: bo.id, rules: { prizeCount: 1 } } },
  });
  const again = await bo.post(url, "/invites/accept", { token });
  expect(again).toMatchObject({ status: 201, body: { gameId, version: accepted.body.version } });
  expect(await cy.post(url, "/invites/accept", { token })).toMatchObject({ status: 403, body: { code: "Forbidden" } });
  expect((await ada.see(url, gameId)).view.players[ada.id]?.name).toBe("Ada");
  await playOneMove(url, gameId, [ada, bo]);
});

test("a token that is none, or one for something else, invites nobody", async () => {
  const { bo, url } = cast();
  for (const token of ["nonsense", bo.token]) {
    expect(await bo.post(url, "/invites/accept", { token })).toMatchObject({ status: 403 });
  }
  const { token } = (await bo.post(url, "/invites", {})).body as { token: string };
  const stranger = await fetch(`${url}/games`, { headers: { authorization: `Bearer ${token}` } });
  expect(stranger.status).toBe(401);
  expect(await bo.post(url, "/invites", { deck: "none" })).toMatchObject({ status: 400 });
});

test("the result reaches both players, the one who acted and the other, and later everyone who asks", async () => {
  const { ada, bo, url } = cast();
  const { gameId } = await ada.invite(url, bo);
  const sockets = await Promise.all([ada.connect(url), bo.connect(url)]);
  for (const socket of sockets) socket.say({ type: "watch", gameId });
  await Promise.all(sockets.map((socket) => socket.hear("view")));
  const conceded = await bo.post(url, `/games/${gameId}/concede`, { writeId: randomUUID() });
  const result = {
    winner: ada.id,
    loser: bo.id,
    outcome: { endReason: "concession", winnerIds: [ada.id], winnerIsNpc: false },
    turnCount: expect.any(Number),
    durationSeconds: expect.any(Number),
  };
  expect(conceded.body.result).toEqual(result);
  for (const socket of sockets) {
    const last = await socket.hear("view", ({ status }) => status === "archived");
    expect(last).toMatchObject({ result, view: { phase: "ended" } });
    await socket.close();
  }
  expect((await ada.get(url, `/games/${gameId}`)).body.result).toEqual(result);
});

test("a replay goes step by step to the very end, page after page, as each may see it", async () => {
  const { ada, bo, cy, url } = cast();
  const { gameId } = await ada.invite(url, bo);
  const end = await play(gameId, [ada, bo]);
  for (const player of [ada, bo, cy]) {
    const steps: Step[] = [];
    let after: string | null = "";
    while (after !== null) {
      const page = await player.get(url, `/games/${gameId}/replay/steps?limit=7${after && `&after=${after}`}`);
      expect(page).toMatchObject({ status: 200, body: { complete: true } });
      expect((page.body.items as Step[]).length).toBeLessThanOrEqual(8);
      steps.push(...(page.body.items as Step[]));
      after = page.body.next as string | null;
    }
    expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, index) => index));
    expect(steps[0]).toMatchObject({ playerId: null, view: { phase: "setup" } });
    const final = (await player.get(url, `/games/${gameId}`)).body.view;
    expect(steps.at(-1)?.view).toEqual(final);
    const answered = steps.flatMap(({ records }) => records.map(({ seq }) => seq));
    expect(answered).toEqual([...answered].sort((a, b) => a - b));
    expect(new Set(answered).size).toBe(answered.length);
    const middle = await player.get(url, `/games/${gameId}/replay/steps?limit=1&after=9`);
    expect(middle.body.items).toEqual([steps[10]]);
  }
  expect(end.status).toBe("ended");
});

test("a player who comes back learns what happened since the version that they saw, over HTTP and by a socket", async () => {
  const { ada, bo, url } = cast();
  const { gameId, version } = await ada.invite(url, bo);
  const seen = await play(gameId, [ada, bo], 6);
  const answered = await ada.get(url, `/games/${gameId}/news?since=${version}`);
  expect(answered).toMatchObject({ status: 200, body: { version: seen.version, exact: true } });
  const writes = answered.body.writes as { playerId: string; entries: Step[] }[];
  expect(writes).toHaveLength(6);
  expect(writes.at(-1)?.playerId).toBe(seen.view.viewerId);
  expect((await ada.get(url, `/games/${gameId}/news?since=${seen.version}`)).body.writes).toEqual([]);

  const socket = await ada.connect(url);
  socket.say({ type: "watch", gameId, since: version });
  expect(await socket.hear("news")).toMatchObject({ gameId, writes: answered.body.writes, exact: true });
  await socket.hear("view");
  await socket.close();

  const middle = await play(gameId, [ada, bo]);
  expect(middle.status).toBe("ended");
  const after = await bo.get(url, `/games/${gameId}/news?since=${seen.version}`);
  expect(after.body).toMatchObject({ status: "archived", exact: true });
  const all = (await bo.get(url, `/games/${gameId}/replay`)).body.log as unknown[];
  expect(after.body.writes).toEqual(all.slice(6));
  const unheardOf = await bo.get(url, `/games/${gameId}/news?since=${seen.version.split(".")[0]}.1000000`);
  expect(unheardOf.body).toMatchObject({ writes: [], exact: false });
});

test("a player may not have more than so many games open, and one that was begun can be begun again", async () => {
  const strict = await startTestServer({ environment: { MAX_OPEN_GAMES: "2" } });
  const player = await TestPlayer.create();
  const writeIds = [randomUUID(), randomUUID(), randomUUID()];
  const begin = (writeId: string | undefined) =>
    player.post(strict.address, "/games", { writeId, npcId: "marsh-warden" });
  const games = [await begin(writeIds[0]), await begin(writeIds[1])];
  expect(games.map(({ status }) => status)).toEqual([201, 201]);
  expect(await begin(writeIds[2])).toMatchObject({ status: 403, body: { code: "Forbidden" } });
  expect(await begin(writeIds[1])).toMatchObject({ status: 201, body: { gameId: games[1]?.body.gameId } });
  const [first] = games;
  await player.post(strict.address, `/games/${first?.body.gameId}/concede`, { writeId: randomUUID() });
  expect(await begin(writeIds[2])).toMatchObject({ status: 201 });
  await strict.stop();
});

test("games count for both who agreed to them: who has enough can neither begin one nor be accepted", async () => {
  const strict = await startTestServer({ environment: { MAX_OPEN_GAMES: "2" } });
  const [host, guest, late] = [await TestPlayer.create(), await TestPlayer.create(), await TestPlayer.create()];
  const { token } = (await host.post(strict.address, "/invites", {})).body;
  for (let count = 0; count < 2; count += 1) await host.invite(strict.address, guest);
  for (const player of [host, guest]) {
    const begin = { writeId: randomUUID(), npcId: "kilnkeeper" };
    expect(await player.post(strict.address, "/games", begin)).toMatchObject({ status: 403 });
  }
  expect(await late.post(strict.address, "/invites/accept", { token })).toMatchObject({ status: 403 });
  await strict.stop();
});

test("a creation that is retried once its game is over shows its players how it ended, and others nothing", async () => {
  const { ada, bo, cy, url } = cast();
  const request = { writeId: randomUUID(), npcId: "kilnkeeper" };
  const { gameId } = (await ada.post(url, "/games", request)).body as unknown as SeenGame;
  const { token } = (await ada.post(url, "/invites", {})).body;
  const accepted = (await bo.post(url, "/invites/accept", { token })).body as unknown as SeenGame;
  for (const id of [gameId, accepted.gameId]) await ada.post(url, `/games/${id}/concede`, { writeId: randomUUID() });

  const over = { status: 201, body: { gameId, status: "archived", version: null, result: { loser: ada.id } } };
  expect(await ada.post(url, "/games", request)).toMatchObject(over);
  expect(await cy.post(url, "/games", { ...request, gameId })).toMatchObject({ status: 403 });
  const again = await bo.post(url, "/invites/accept", { token });
  expect(again).toMatchObject({ status: 201, body: { gameId: accepted.gameId, status: "archived" } });
  expect(await cy.post(url, "/invites/accept", { token })).toMatchObject({ status: 403 });
});
