import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverPlace } from "../testing/server-place.js";
import { ServerProcess } from "../testing/server-process.js";
import { type SeenGame, TestPlayer } from "../testing/test-player.js";
import { testSecret } from "../testing/test-server.js";

const place = serverPlace("fair");
const moves = 150;
/** What a busy machine alone adds to a move now and then, in ms. */
const noiseMs = 50;

let server: ServerProcess;
let address: string;
beforeAll(async () => {
  server = new ServerProcess({
    ...place.environment,
    JWT_SECRET: testSecret,
    PORT: "0",
    // Of the player who is to be let play; all other limits are the usual ones.
    ADDRESS_RATE_LIMIT_PER_MINUTE: "0",
  });
  address = await server.address();
});
afterAll(async () => {
  await server.end("SIGTERM");
  await place.drop();
});

/** How long a move takes at the 99th percentile while others do what they do, in ms. */
async function moveTime(): Promise<number> {
  const times: number[] = [];
  while (times.length < moves) {
    // A new player each time, so that the own limit holds nobody up.
    const player = await TestPlayer.create();
    const create = { writeId: randomUUID(), npcId: "kilnkeeper" };
    let seen = (await player.post(address, "/games", create)).body as SeenGame;
    for (let own = 0; own < 30 && times.length < moves; own += 1) {
      const action = chooseActionFromView(seen.view);
      if (action === null || seen.status !== "live") break;
      const startedAt = performance.now();
      const done = await player.act(address, seen, action);
      times.push(performance.now() - startedAt);
      expect(done.status).toBe(200);
      seen = done.body as SeenGame;
    }
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length * 0.99) - 1] ?? 0;
}

const manyContainers = (bytes: number) => `{"a":[${"{},".repeat(bytes / 3)}{}]}`;
const create = (rules: string) => `{"writeId":"${randomUUID()}","npcId":"kilnkeeper","rules":${rules}}`;

/** Bodies that are dear to look at, again and again, as fast as answers come. */
async function overHttp(signal: AbortSignal): Promise<void> {
  const player = await TestPlayer.create();
  const bodies = [
    create(manyContainers(1_000_000)),
    create(manyContainers(60_000)),
    create(`{"k":${'{"k":'.repeat(10_000)}1${"}".repeat(10_000)}}`),
    create(`{${Array.from({ length: 6_000 }, (_, at) => `"k${at}":1`).join(",")}}`),
    create(`"${"x".repeat(60_000)}"`),
  ];
  const lane = async (from: number) => {
    for (let at = from; !signal.aborted; at += 1) {
      const answer = await player.post(address, "/games", bodies[at % bodies.length]).catch(() => null);
      // Beyond the limit nothing is asked: what is tried is all that the limit allows.
      if (answer?.status === 429) await delay(1_000 * Number(answer.headers.get("retry-after")), undefined, { signal });
    }
  };
  await Promise.all([0, 1, 2, 3].map((from) => lane(from).catch(() => undefined)));
}

/** The same over sockets that are opened again when they are closed. */
async function overSockets(signal: AbortSignal): Promise<void> {
  const player = await TestPlayer.create();
  const act = { type: "act", requestId: "r", gameId: randomUUID() };
  const text = `${JSON.stringify(act).slice(0, -1)},"writeId":"${randomUUID()}","action":${manyContainers(60_000)}}`;
  const lane = async () => {
    while (!signal.aborted) {
      const socket = await player.connect(address).catch(() => null);
      while (socket?.raw.readyState === socket?.raw.OPEN && !signal.aborted) {
        socket?.raw.send(text, () => undefined);
        await delay(250);
      }
      await socket?.close();
      await delay(500);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}

test.each([
  ["over HTTP", overHttp],
  ["over sockets", overSockets],
])(
  "whatever one client sends %s within its limits, another's moves take twice as long at most",
  async (_how, flood) => {
    await moveTime();
    const rounds: { readonly alone: number; readonly beside: number }[] = [];
    // What else the machine does may spoil a round; what one client can do to others would spoil them all.
    const isFair = () => rounds.some(({ alone, beside }) => beside <= Math.max(2 * alone, alone + noiseMs));
    while (!isFair() && rounds.length < 4) {
      const alone = await moveTime();
      const stop = new AbortController();
      const flooding = flood(stop.signal);
      rounds.push({ alone, beside: await moveTime() });
      stop.abort();
      await flooding;
    }
    expect(rounds).toSatisfy(isFair);
  },
);
