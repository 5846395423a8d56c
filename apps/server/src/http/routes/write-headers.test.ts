import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, ask, type SeenGame, TestPlayer } from "../../testing/test-player.js";
import { startTestServer, type TestServer } from "../../testing/test-server.js";

let server: TestServer;
let ada: TestPlayer;
let game: SeenGame;
beforeAll(async () => {
  server = await startTestServer();
  ada = await TestPlayer.create();
  game = await ada.invite(server.address, await TestPlayer.create());
});
afterAll(() => server.stop());

function post(
  path: string,
  body: object | Uint8Array<ArrayBuffer> | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  return ask(server.address, path, {
    method: "POST",
    headers: { authorization: `Bearer ${ada.token}`, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
}

const concede = (body: object | undefined, headers: Record<string, string>) =>
  post(`/games/${game.gameId}/concede`, body, headers);

test("an Idempotency-Key is the write id: the same again is one write, as text or in the body", async () => {
  const npcId = "kilnkeeper";
  const key = randomUUID();
  const made = await post("/games", { npcId }, { "idempotency-key": key });
  expect(made.status).toBe(201);
  for (const again of [
    await post("/games", { npcId }, { "idempotency-key": `"${key}"` }),
    await post("/games", { npcId, writeId: key }, {}),
    await post("/games", { npcId, writeId: key }, { "idempotency-key": key }),
  ]) {
    expect(again).toMatchObject({ status: 201, body: { gameId: made.body.gameId, version: made.body.version } });
  }
});

test("a key that is none, or another than the body's write id, is refused", async () => {
  for (const [body, key] of [
    [{}, "short"],
    [{ writeId: randomUUID() }, randomUUID()],
    [undefined, "with a space in it"],
  ] as const) {
    expect(await concede(body, { "idempotency-key": key })).toMatchObject({
      status: 400,
      body: { code: "InvalidInput" },
    });
  }
});

test("If-Match writes over that version only: 412 for another, 400 for what is none or contradicts the body", async () => {
  const { headers } = await ada.get(server.address, `/games/${game.gameId}`);
  const tag = headers.get("etag");
  expect(tag).toBe(`"${game.version}"`);
  expect(await concede({ writeId: randomUUID() }, { "if-match": '"1.0"' })).toMatchObject({
    status: 412,
    body: { status: 412, code: "RevisionConflict", details: { expected: "1.0", actual: game.version } },
  });
  for (const wrong of ["*", "1.0", `W/"${game.version}"`, '"1.0", "1.1"', '"latest"']) {
    expect(await concede({ writeId: randomUUID() }, { "if-match": wrong }), wrong).toMatchObject({ status: 400 });
  }
  const contradiction = { writeId: randomUUID(), expectedVersion: "1.0" };
  expect(await concede(contradiction, { "if-match": String(tag) })).toMatchObject({ status: 400 });
  expect(await ada.see(server.address, game.gameId)).toMatchObject({ version: game.version, status: "live" });
  expect(await concede(undefined, { "if-match": String(tag), "idempotency-key": randomUUID() })).toMatchObject({
    status: 200,
  });
});

test("If-None-Match answers 304 while the version is the same, also by a weak tag or one of several", async () => {
  const { gameId, version } = await ada.invite(server.address, await TestPlayer.create());
  const see = (header: string) => ada.get(server.address, `/games/${gameId}`, { "if-none-match": header });
  for (const header of [`"${version}"`, `W/"${version}"`, `"1.0", "${version}"`, "*"]) {
    expect((await see(header)).status, header).toBe(304);
  }
  expect((await see('"1.0"')).status).toBe(200);
});

test("a body in which bytes are no UTF-8 is refused, and so is an unknown field where nothing is asked for", async () => {
  const text = Buffer.from(JSON.stringify({ writeId: "write-of-x", npcId: "kilnkeeper", name: "?" }));
  const broken = new Uint8Array(text);
  broken[text.indexOf("?")] = 0xff;
  expect(await post("/games", broken, {})).toMatchObject({ status: 400, body: { code: "InvalidInput" } });
  const { gameId } = await ada.invite(server.address, await TestPlayer.create());
  const join = `/games/${gameId}/join`;
  expect(await post(join, { admin: true }, {})).toMatchObject({ status: 400, body: { code: "InvalidInput" } });
  expect(await post(join, {}, {})).toMatchObject({ status: 200 });
  expect(await post(join, undefined, {})).toMatchObject({ status: 200 });
});
