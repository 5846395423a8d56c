import { randomUUID } from "node:crypto";
import { problemCodes } from "@turnkeep/api/schemas";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoIssuer } from "../../auth/demo-tokens.js";
import { ask, findMover, playOneMove, TestPlayer } from "../../testing/test-player.js";
import { startTestServer, type TestServer } from "../../testing/test-server.js";
import { TestSocket } from "../../testing/test-socket.js";

const demoPlayer = { issuer: demoIssuer };
let server: TestServer;
let document: Record<string, unknown>;
let ajv: Ajv;
beforeAll(async () => {
  server = await startTestServer({ demo: true });
  document = (await ask(server.address, "/asyncapi.json")).body;
  ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(document, "sockets");
});
afterAll(() => server.stop());

/** What the description has against this message; `null` for one that is as described. */
function against(message: { readonly type?: unknown }): string | null {
  const validate = ajv.getSchema(`sockets#/components/schemas/${String(message.type)}`);
  if (validate === undefined) return `${String(message.type)} is not described`;
  return validate(message) ? null : ajv.errorsText(validate.errors);
}

test("every reference of the description leads somewhere, and every message has its place", () => {
  const lookUp = (path: string) =>
    path
      .split("/")
      .slice(1)
      .reduce((part, step) => Object(part)[step], document as unknown);
  const paths = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(40);
  for (const path of paths) expect(lookUp(path), path).toBeTypeOf("object");
  expect(document).toMatchObject({ asyncapi: "3.0.0", channels: { socket: { address: "/ws" } } });
  const spoken = JSON.stringify(document.operations);
  for (const type of Object.keys(Object(document.components).messages)) {
    expect(spoken).toContain(`#/channels/socket/messages/${type}"`);
  }
  const { Problem, GameView, Action } = Object(document.components).schemas;
  expect(Problem.properties.code.enum).toEqual(problemCodes);
  expect(Object.keys(GameView.properties)).toContain("currentPlayerId");
  expect(JSON.stringify(Action)).toContain("concede");
});

test("all that is said while games are watched, played, refused and over is as described", async () => {
  const [ada, bo] = [await TestPlayer.create(demoPlayer), await TestPlayer.create(demoPlayer)];
  const { gameId, version } = await ada.invite(server.address, bo);
  const { gameId: doomed } = await ada.invite(server.address, bo);
  const { mover } = await findMover(server.address, gameId, [ada, bo]);
  const socket = await mover.connect(server.address);
  const spectator = await TestSocket.open(server.address);
  spectator.say({ type: "authenticate", token: null, requestId: "a" });
  for (const each of [socket, spectator]) for (const one of [gameId, doomed]) each.say({ type: "watch", gameId: one });
  await socket.hear("view", (view) => view.gameId === gameId);
  const action = chooseActionFromView((await mover.see(server.address, gameId)).view);
  const act = { type: "act", requestId: "r", gameId, writeId: randomUUID(), action };
  expect(against(act)).toBeNull();
  socket.say(act);
  await socket.hear("done");
  await playOneMove(server.address, gameId, [ada, bo]);
  socket.say({ type: "watch", gameId, since: version });
  await socket.hear("news");
  socket.say({ type: "act", requestId: "e", gameId: randomUUID(), writeId: randomUUID(), action });
  socket.say({ type: "act", requestId: "e", gameId, writeId: randomUUID(), expectedVersion: "1.1", action });
  socket.say({ type: "nonsense", requestId: "e" });
  socket.say({ type: "act", requestId: "last", gameId, writeId: randomUUID(), action: { type: "concede" } });
  await socket.hear("done", ({ requestId }) => requestId === "last");
  await server.manager.deleteGame(doomed);
  for (const each of [socket, spectator]) {
    await each.hear("view", ({ status }) => status === "archived");
    await each.hear("gone");
    each.say({ type: "unwatch", gameId });
    await each.hear("unwatched");
  }
  const heard = [...socket.heard, ...spectator.heard];
  for (const message of heard) expect(against(message), JSON.stringify(message).slice(0, 200)).toBeNull();
  const ofServer = Object.keys(Object(document.components).messages).filter(
    (type) => !["authenticate", "watch", "unwatch", "act"].includes(type),
  );
  expect([...new Set(heard.map(({ type }) => type))].sort()).toEqual(ofServer.sort());
  await Promise.all([socket.close(), spectator.close()]);
});

test.each<[string, object]>([
  ["an unknown field", { admin: true }],
  ["no id", { gameId: undefined }],
  ["an id too long", { gameId: "x".repeat(201) }],
  ["a write id too short", { writeId: "a" }],
  ["a request id that is no text", { requestId: 3 }],
  ["no request id", { requestId: undefined }],
  ["an action that is none", { action: { type: "win" } }],
  ["no action", { action: undefined }],
])("an action with %s is against the description, and refused", async (_what, change) => {
  const ada = await TestPlayer.create(demoPlayer);
  const { gameId } = await ada.invite(server.address, await TestPlayer.create(demoPlayer));
  const sound = { type: "act", requestId: "r", gameId, writeId: randomUUID(), action: { type: "concede" } };
  const unsound = JSON.parse(JSON.stringify({ ...sound, ...change }));
  expect(against(sound)).toBeNull();
  expect(against(unsound)).not.toBeNull();
  const socket = await ada.connect(server.address);
  socket.say(unsound);
  expect(await socket.hear("error")).toMatchObject({ problem: { code: "InvalidInput" } });
  socket.say(sound);
  expect(await socket.hear("done")).toMatchObject({ requestId: "r" });
  await socket.close();
});
