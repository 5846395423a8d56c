import { randomBytes } from "node:crypto";
import { once, setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { chooseActionFromView } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { type MatchKind, type PlayStyle, Programs, playMatch, playStyles, seeded } from "@turnkeep/match-kit";
import { WebSocket } from "ws";
import type { ContenderName, Site } from "../contenders/contender.js";
import type { Contenders } from "../contenders/open-contenders.js";
import { type Traffic, trafficNow, trafficSince } from "../measure/network.js";
import type { Measured, Sample } from "../measure/operation.js";
import type { ToSocketServer } from "../remote/socket-server.js";
import { startSocketServer } from "../remote/start-socket-server.js";
import type { Row } from "./row.js";

const hasty: PlayStyle = { ...playStyles.steady, thinkMs: [0, 0], overSocket: 1 };
const kind: MatchKind = { name: "hasty", style: hasty, opponent: hasty };

type Play = (took: (ms: number) => void, signal: AbortSignal) => Promise<unknown>;

/** Matches that are played one after the other, so many at once; a run begins once each has had its first action. */
function playing(runMs: number, atOnce: number, play: Play, close: () => Promise<unknown>): Measured {
  let leave = new AbortController();
  let players: Promise<unknown> = Promise.resolve();
  let took: (ms: number) => void = () => {};

  async function prepare(): Promise<void> {
    leave = new AbortController();
    const { signal } = leave;
    setMaxListeners(0, signal);
    const begun: Promise<void>[] = [];
    const playOn = async (acted: () => void) => {
      const report = (ms: number) => {
        acted();
        took(ms);
      };
      while (!signal.aborted) await play(report, signal);
    };
    const playing = Array.from(
      { length: atOnce },
      () =>
        new Promise<void>((resolve, reject) => {
          begun.push(new Promise((acted) => playOn(acted).then(resolve, reject)));
        }),
    );
    players = Promise.all(playing);
    await Promise.race([Promise.all(begun), players]);
  }

  async function run(): Promise<Sample> {
    const latenciesMs: number[] = [];
    const begun = performance.now();
    took = (ms) => latenciesMs.push(ms);
    await Promise.race([delay(runMs), players]);
    took = () => {};
    const elapsedMs = performance.now() - begun;
    leave.abort();
    await players;
    return { operations: latenciesMs.length, elapsedMs, latenciesMs };
  }

  return {
    prepare,
    run,
    async traffic(): Promise<Traffic> {
      await prepare();
      const before = trafficNow();
      const { operations } = await run();
      const { bytesSent, bytesReceived } = trafficSince(before);
      const each = Math.max(operations, 1);
      return { bytesSent: bytesSent / each, bytesReceived: bytesReceived / each, roundTrips: 1 };
    },
    close,
  };
}

async function openTurnkeepServer(site: Site, runMs: number, atOnce: number): Promise<Measured> {
  const jwtSecret = randomBytes(32).toString("base64url");
  const { databaseUrl, redisUrl, schema } = site;
  const stores = { databaseUrl, redisUrl, schema, keyPrefix: `${schema}:`, close: async () => {} };
  const programs = await Programs.start(
    { stores, jwtSecret, servers: 1, verbose: false },
    new AbortController().signal,
  );
  const random = seeded(1);
  const play = (took: (ms: number) => void, signal: AbortSignal) =>
    playMatch(
      {
        serverUrls: programs.serverUrls,
        jwtSecret,
        random,
        kind,
        onOperation: ({ operation, outcome, tookMs }) => {
          if (operation === "act" && outcome === "acknowledged") took(tookMs);
        },
      },
      signal,
    );
  return playing(runMs, atOnce, play, async () => {
    await programs.stop();
    await programs.kill();
  });
}

async function openBareServer(
  contender: "limit" | "naive",
  { cache: _cache, db: _db, ...address }: Site,
  runMs: number,
  atOnce: number,
): Promise<Measured> {
  const { url, stop } = await startSocketServer({ contender, address });
  let number = contender === "limit" ? 0 : 2 ** 32;
  const play = async (took: (ms: number) => void, signal: AbortSignal) => {
    const socket = new WebSocket(url);
    const shown = async () => {
      const [data] = await once(socket, "message");
      return JSON.parse(String(data)) as readonly GameView[];
    };
    const send = (message: ToSocketServer) => socket.send(JSON.stringify(message));
    await once(socket, "open");
    send({ type: "begin", number: number++ });
    let views = await shown();
    while (!signal.aborted && views[0]?.result === null) {
      const moves = views.flatMap((view, seat) => {
        const action = chooseActionFromView(view);
        return action === null ? [] : [{ playerId: view.turnOrder[seat] as string, action }];
      });
      const begun = performance.now();
      const [move] = moves;
      if (move === undefined) break;
      send({ type: "act", ...move });
      views = await shown();
      took(performance.now() - begun);
    }
    socket.terminate();
  };
  return playing(runMs, atOnce, play, stop);
}

export const socket: Row = {
  name: "socket",
  title: "An action over WebSocket, from sending to the answer",
  against:
    "limit: a bare ws server that holds the games, applies the rules, saves as in the rows above and shows the views; usual design: the same with GET + zod and an ORM",
  cases: ({ runMs }) =>
    [1, 8].map((matches) => ({
      label: `${matches} ${matches === 1 ? "match" : "matches"} of two players`,
      open: async (site): Promise<Contenders> => {
        const matchMs = runMs * 10;
        const contenders = new Map<ContenderName, Measured>();
        const limit = await openBareServer("limit", site, matchMs, matches);
        contenders.set("limit", limit).set("control", { ...limit, close: async () => {} });
        contenders.set("naive", await openBareServer("naive", site, matchMs, matches));
        return contenders.set("turnkeep", await openTurnkeepServer(site, matchMs, matches));
      },
    })),
};
