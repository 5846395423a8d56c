import { randomUUID } from "node:crypto";
import { chooseAction } from "@turnkeep/card-rules";
import { expect, test } from "vitest";
import { canaryGame, hiddenFrom } from "../../testing/canary-game.js";
import { playOneMove, TestPlayer } from "../../testing/test-player.js";
import { startTestServer } from "../../testing/test-server.js";

const canaries = (text: string) => new Set(text.match(/canary-[ab]-\d+/g));

/** Plays a match of canaries to its end, or some moves long and then gives up; what history tells each of it. */
async function pastOf(rules: object, served = canaryGame) {
  const server = await startTestServer({ served });
  const [ada, bo, cy] = [await TestPlayer.create(), await TestPlayer.create(), await TestPlayer.create()];
  const { gameId, version } = await ada.invite(server.address, bo, { rules });
  // What each was shown while it was played, and may go on to know.
  const known = new Map<TestPlayer, Set<string>>([ada, bo, cy].map((player) => [player, new Set<string>()]));
  const holdsCards = async () =>
    Object.values((await server.manager.loadState(gameId))?.state.players ?? {}).some(({ hand }) => hand.length > 0);
  for (let moves = 0; moves < 14 || !(await holdsCards()); moves += 1) {
    await playOneMove(server.address, gameId, [ada, bo]);
    for (const [player, cards] of known) {
      const answered = await player.get(server.address, `/games/${gameId}/news?since=${version}`);
      for (const canary of canaries(JSON.stringify(answered.body))) cards.add(canary);
    }
  }
  const last = await server.manager.loadState(gameId);
  if (last === null) throw new Error("the match is over too soon");
  const conceded = await bo.post(server.address, `/games/${gameId}/concede`, { writeId: randomUUID() });
  const past = new Map<TestPlayer, string>();
  for (const player of known.keys()) {
    const paths = ["", "/replay", "/replay/steps?limit=100", `/news?since=${version}`].map(
      (path) => `/games/${gameId}${path}`,
    );
    const answered = await Promise.all(
      [...paths, "/history", "/games", "/live"].map((path) => player.get(server.address, path)),
    );
    expect(answered.map(({ status }) => status)).toEqual(answered.map(() => 200));
    past.set(player, JSON.stringify([...answered.map(({ body }) => body), player === bo ? conceded.body : null]));
  }
  await server.stop();
  return { ada, bo, cy, known, past, state: last.state, logged: server.logged() };
}

test("history tells each viewer of a finished game the cards that they saw in it, and no others", async () => {
  const { known, past, state, logged, cy } = await pastOf({});
  for (const [player, answered] of past) {
    const hidden = hiddenFrom(state, player === cy ? null : player.id).filter((id) => !known.get(player)?.has(id));
    expect(hidden.length).toBeGreaterThan(20);
    expect([...canaries(answered)].filter((id) => hidden.includes(id))).toEqual([]);
    expect([...canaries(answered)].length).toBeGreaterThan(3);
  }
  expect(logged).not.toMatch(/canary-|Canary /);
});

test("where the rules open hands after the end, hands are shown, decks and prizes still not", async () => {
  const { known, past, state, cy } = await pastOf({ openAfterEnd: true });
  const hands = Object.values(state.players).flatMap(({ hand }) => hand.map(({ definitionId }) => definitionId));
  const faceDown = Object.values(state.players)
    .flatMap(({ deck, prizes }) => [...deck, ...prizes])
    .map(({ definitionId }) => definitionId);
  const everKnown = new Set([...known.values()].flatMap((cards) => [...cards]));
  expect(hands.length).toBeGreaterThan(0);
  for (const answered of past.values()) {
    expect([...canaries(answered)]).toEqual(expect.arrayContaining(hands));
    const never = faceDown.filter((id) => !everKnown.has(id));
    expect(never.length).toBeGreaterThan(10);
    expect([...canaries(answered)].filter((id) => never.includes(id))).toEqual([]);
  }
  expect(known.get(cy)?.size).toBeLessThan(everKnown.size);
});

test("a replay that shows a little too much is noticed", async () => {
  const chatty: typeof canaryGame = {
    ...canaryGame,
    viewAfterEnd: (state, onlooker) => ({
      ...Object(canaryGame.viewAfterEnd(state, onlooker)),
      next: chooseAction(state, state.currentPlayerId),
      deck: state.players[state.currentPlayerId]?.deck,
    }),
  };
  const { known, past, state, cy } = await pastOf({}, chatty);
  const hidden = hiddenFrom(state, null).filter((id) => !known.get(cy)?.has(id));
  expect([...canaries(past.get(cy) ?? "")].some((id) => hidden.includes(id))).toBe(true);
});

test("an invitation tells its holder nothing of the cards, and accepting nothing of the inviter's", async () => {
  const server = await startTestServer({ served: canaryGame });
  const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
  const invited = await ada.post(server.address, "/invites", {});
  const { token, gameId } = invited.body as { token: string; gameId: string };
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  expect(payload).toContain(ada.id);
  expect(payload + JSON.stringify(invited.body)).not.toMatch(/canary/i);
  const accepted = await bo.post(server.address, "/invites/accept", { token });
  const state = (await server.manager.loadState(gameId))?.state;
  if (state === undefined) throw new Error("no game");
  const hidden = hiddenFrom(state, bo.id);
  expect([...canaries(JSON.stringify(accepted.body))].filter((id) => hidden.includes(id))).toEqual([]);
  const refused = await (await TestPlayer.create()).post(server.address, "/invites/accept", { token });
  expect(refused.status).toBe(403);
  expect(JSON.stringify(refused.body)).not.toMatch(/canary/i);
  await server.stop();
  expect(server.logged()).not.toContain(token);
});
