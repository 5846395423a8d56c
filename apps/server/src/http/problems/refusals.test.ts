import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask, findMover, playOneMove, type SeenGame, TestPlayer } from "../../testing/test-player.js";
import { startTestServer, type TestServer, tokenFor } from "../../testing/test-server.js";
import { TestSocket } from "../../testing/test-socket.js";

let server: TestServer;
let ada: TestPlayer;
let bo: TestPlayer;
let cy: TestPlayer;
let game: SeenGame;
/** The player who is to move in the game, and the one who is not. */
let mover: TestPlayer;
let waiter: TestPlayer;

beforeAll(async () => {
  server = await startTestServer();
  [ada, bo, cy] = [await TestPlayer.create(), await TestPlayer.create(), await TestPlayer.create()];
  game = await ada.invite(server.address, bo);
  ({ mover, waiter } = await findMover(server.address, game.gameId, [ada, bo]));
  game = await mover.see(server.address, game.gameId);
});
afterAll(() => server.stop());

/** An action that is sound in form. */
const action = { type: "endTurn" };
const write = (rest: object = {}) => ({ writeId: randomUUID(), expectedVersion: game.version, action, ...rest });
const actions = () => `/games/${game.gameId}/actions`;

async function nothingChanged(): Promise<void> {
  expect(await mover.see(server.address, game.gameId)).toEqual(game);
  expect((await ask(server.address, "/readyz")).status).toBe(200);
}

type Case = [what: string, send: () => Promise<Answer>, status: number, code: string];

const refusedInput: Case[] = [
  ["an id that is no UUID", () => mover.get(server.address, "/games/game-1"), 400, "InvalidGameId"],
  ["an id in capitals", () => mover.get(server.address, `/games/${game.gameId.toUpperCase()}`), 400, "InvalidGameId"],
  ["an id in braces", () => mover.get(server.address, `/games/%7B${game.gameId}%7D`), 400, "InvalidGameId"],
  ["an id with NUL", () => mover.get(server.address, `/games/${game.gameId.slice(1)}%00`), 400, "InvalidGameId"],
  [
    "an action on an id that is no UUID",
    () => mover.post(server.address, "/games/x/actions", write()),
    400,
    "InvalidGameId",
  ],
  [
    "a new game under an id that is no UUID",
    () => ada.post(server.address, "/games", { writeId: randomUUID(), gameId: "{a}", npcId: "kilnkeeper" }),
    400,
    "InvalidGameId",
  ],
  ["an unknown game", () => mover.get(server.address, `/games/${randomUUID()}`), 404, "GameNotFound"],
  [
    "an action in an unknown game",
    () => mover.post(server.address, `/games/${randomUUID()}/actions`, { writeId: randomUUID(), action }),
    404,
    "GameNotFound",
  ],
  ["a body that is no JSON", () => mover.post(server.address, actions(), "{nonsense"), 400, "InvalidInput"],
  ["a body that is no object", () => mover.post(server.address, actions(), "[]"), 400, "InvalidInput"],
  ["no body", () => mover.post(server.address, actions(), ""), 400, "InvalidInput"],
  [
    "a key __proto__",
    () => mover.post(server.address, actions(), JSON.stringify(write()).replace("{", '{"__proto__":{"a":1},')),
    400,
    "InvalidState",
  ],
  [
    "a key constructor deep down",
    () => mover.post(server.address, actions(), write({ action: { ...action, constructor: { prototype: {} } } })),
    400,
    "InvalidState",
  ],
  [
    "half a surrogate pair",
    () => mover.post(server.address, actions(), JSON.stringify(write({ writeId: "x" })).replace('"x"', '"\\ud800"')),
    400,
    "InvalidState",
  ],
  [
    "NUL in a name",
    () => ada.post(server.address, "/games", { writeId: randomUUID(), npcId: "kilnkeeper", name: "a\0" }),
    400,
    "InvalidState",
  ],
  ["an endless number", () => mover.post(server.address, actions(), '{"action":1e400}'), 400, "InvalidState"],
  [
    "more depth than a state has",
    () => mover.post(server.address, actions(), `{"action":${"[".repeat(80)}${"]".repeat(80)}}`),
    400,
    "InvalidState",
  ],
  [
    "a body over the limit",
    () => mover.post(server.address, actions(), write({ action: "x".repeat(1_100_000) })),
    413,
    "StateTooLarge",
  ],
  [
    "a field that nobody knows",
    () => mover.post(server.address, actions(), write({ admin: true })),
    400,
    "InvalidInput",
  ],
  [
    "a write id that is too short",
    () => mover.post(server.address, actions(), write({ writeId: "a" })),
    400,
    "InvalidInput",
  ],
  ["no write id", () => mover.post(server.address, actions(), { action }), 400, "InvalidInput"],
  [
    "a version of another form",
    () => mover.post(server.address, actions(), write({ expectedVersion: "latest" })),
    400,
    "InvalidInput",
  ],
  [
    "a version that never was",
    () => mover.post(server.address, actions(), write({ expectedVersion: "1.999" })),
    409,
    "RevisionConflict",
  ],
  [
    "an unknown action",
    () => mover.post(server.address, actions(), write({ action: { type: "win" } })),
    400,
    "InvalidInput",
  ],
  ["an action against the rules", () => mover.post(server.address, actions(), write()), 422, "IllegalAction"],
  ["an action out of turn", () => waiter.post(server.address, actions(), write()), 409, "NotYourTurn"],
  ["an action of a stranger", () => cy.post(server.address, actions(), write()), 403, "Forbidden"],
  [
    "a concession of a stranger",
    () => cy.post(server.address, `/games/${game.gameId}/concede`, { writeId: randomUUID() }),
    403,
    "Forbidden",
  ],
  ["a seat for a stranger", () => cy.post(server.address, `/games/${game.gameId}/join`, {}), 403, "Forbidden"],
  [
    "a game against a player who has not accepted it",
    () => ada.post(server.address, "/games", { writeId: randomUUID(), opponentId: bo.id }),
    400,
    "InvalidInput",
  ],
  [
    "an unknown deck",
    () => ada.post(server.address, "/games", { writeId: randomUUID(), npcId: "kilnkeeper", deck: "constructor" }),
    400,
    "InvalidInput",
  ],
  ["a page of a list that is too large", () => ada.get(server.address, "/games?limit=1000"), 400, "InvalidInput"],
  ["a cursor of nobody's making", () => ada.get(server.address, "/games?after=nonsense"), 400, "InvalidInput"],
  ["a URL that is none", () => ada.get(server.address, "/games/%E0%A4%A"), 400, "BadRequest"],
  ["an unknown path", () => ada.get(server.address, "/admin"), 404, "NotFound"],
  [
    "a token for the asking, outside demo mode",
    () => ada.post(server.address, "/demo/token", { name: "x" }),
    404,
    "NotFound",
  ],
];

test.each(refusedInput)("%s is refused, and nothing changes", async (_what, send, status, code) => {
  const { body, headers, status: answered } = await send();
  expect(body).toMatchObject({ status, code, type: `urn:turnkeep:${code}`, instance: expect.any(String) });
  expect(answered).toBe(status);
  expect(headers.get("content-type")).toContain("application/problem+json");
  await nothingChanged();
});

test("another media type than JSON is refused", async () => {
  const headers = { authorization: `Bearer ${mover.token}`, "content-type": "text/plain" };
  const answer = await ask(server.address, actions(), { method: "POST", headers, body: JSON.stringify(write()) });
  expect(answer).toMatchObject({ status: 415, body: { status: 415 } });
  await nothingChanged();
});

describe("a caller who", () => {
  const send = async (headers: Record<string, string>) => {
    const init = { method: "POST", body: JSON.stringify(write()) };
    return ask(server.address, actions(), { ...init, headers: { "content-type": "application/json", ...headers } });
  };
  test.each<[string, () => Promise<Record<string, string>>]>([
    ["has no token", async () => ({})],
    [
      "has an expired one",
      async () => ({ authorization: `Bearer ${await tokenFor(mover.id, { exp: 1_000_000_000 })}` }),
    ],
    [
      "has one that another issuer made",
      async () => ({
        authorization: `Bearer ${await tokenFor(mover.id, { secret: "the secret of another identity provider" })}`,
      }),
    ],
    ["has nonsense", async () => ({ authorization: "Bearer nonsense" })],
    ["has a password", async () => ({ authorization: `Basic ${Buffer.from("a:b").toString("base64")}` })],
  ])("%s gets 401", async (_what, headers) => {
    const answer = await send(await headers());
    expect(answer).toMatchObject({ status: 401, body: { code: "Unauthenticated" } });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    await nothingChanged();
  });

  test("only watches needs a token too, outside demo mode", async () => {
    for (const path of [`/games/${game.gameId}`, "/live", `/games/${game.gameId}/replay`, "/games", "/history"]) {
      expect(await ask(server.address, path), path).toMatchObject({ status: 401, body: { code: "Unauthenticated" } });
    }
  });
});

test("a token in a URL is refused, even a valid one, and does not get into the log", async () => {
  for (const query of [`token=${mover.token}`, `access_token=${mover.token}`, `x=${mover.token}`]) {
    const answer = await ask(server.address, `/games/${game.gameId}?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: "InvalidInput" } });
    await expect(TestSocket.open(server.address, {}, `/ws?${query}`)).rejects.toMatchObject({ status: 400 });
  }
  expect(server.logged()).not.toContain(mover.token.slice(-20));
});

test("neither tokens nor bodies get into the log", async () => {
  await mover.post(server.address, actions(), write({ action: { type: "canary-in-a-body" } }));
  await playOneMove(server.address, (await ada.invite(server.address, bo)).gameId, [ada, bo]);
  expect(server.logged()).toContain("request answered");
  for (const secret of ["canary-in-a-body", mover.token.slice(-20), "Bearer", "ashpaw"]) {
    expect(server.logged()).not.toContain(secret);
  }
});

test("a caller who asks too often has to wait, and others are not", async () => {
  const strict = await startTestServer({ environment: { RATE_LIMIT_PER_MINUTE: "5" } });
  try {
    const answers: Answer[] = [];
    for (let count = 0; count < 6; count += 1) answers.push(await ada.get(strict.address, "/games"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[5]?.body).toMatchObject({ code: "RateLimited" });
    expect(Number(answers[5]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await bo.get(strict.address, "/games")).status).toBe(200);
    for (let count = 0; count < 10; count += 1) expect((await ask(strict.address, "/livez")).status).toBe(200);
  } finally {
    await strict.stop();
  }
});

test.each([
  ["behind no proxy, no forwarded address counts", {}, [200, 200, 429, 429]],
  [
    "behind a proxy, the address that it adds counts, and none that the client made up",
    { TRUST_PROXY: "true" },
    [200, 200, 429, 200],
  ],
])("%s", async (_what, environment, statuses) => {
  const strict = await startTestServer({ environment: { RATE_LIMIT_PER_MINUTE: "2", ...environment } });
  try {
    const answers: number[] = [];
    for (const forwarded of ["10.0.0.1, 10.9.9.9", "10.0.0.2, 10.9.9.9", "10.0.0.3, 10.9.9.9", "10.0.0.3, 10.9.9.8"]) {
      answers.push((await ask(strict.address, "/", { headers: { "x-forwarded-for": forwarded } })).status);
    }
    expect(answers).toEqual(statuses);
  } finally {
    await strict.stop();
  }
});
