import { once } from "node:events";
import { isTurnkeepError } from "@turnkeep/core";
import { createGameStateManager } from "@turnkeep/manager";
import express, { type NextFunction, type Request, type Response } from "express";
import * as z from "zod";
import { game, newGame, rules, seats } from "./game.js";
import { playerOf } from "./player.js";
import type { Stores } from "./stores.js";

const seating = z.strictObject({ gameId: z.uuid().optional(), players: z.array(z.string()) });
const message = z.strictObject({ action: rules.actionSchema, writeId: z.string() });

/** The game over HTTP: actions come in by POST, each player's own view goes out as server-sent events. */
export async function serve({ cache, store }: Stores, port: number) {
  const manager = createGameStateManager({ game, cache, store });
  await manager.start();
  const closing = new AbortController();
  const app = express();
  // A browser keeps its connection to a server that is closing, and has to ask again on another one.
  app.use((_request, response, next) => {
    if (!closing.signal.aborted) return next();
    response.set("connection", "close").status(503).json({ reason: "the server is closing" });
  });
  app.use(express.static("public"));
  app.use(express.json());

  /** Takes a seat. A link carries the players so far, and the last one begins the game. Once more is the same game. */
  app.post("/games", async (request, response) => {
    const { gameId = crypto.randomUUID(), players } = seating.parse(request.body);
    const player = playerOf(request, response);
    if (players.length < seats && !players.includes(player)) players.push(player);
    if (players.length === seats) {
      await manager.createGame(newGame(gameId, players), { gameType: "casual", writeId: gameId });
    }
    response.json({ gameId, players });
  });

  /** The same writeId once more is the same action: a page repeats it until it is answered. */
  app.post("/games/:gameId/actions", async (request, response) => {
    const player = playerOf(request, response);
    const { action, writeId } = message.parse(request.body);
    await manager.update(request.params.gameId, (state) => rules.apply(state, player, action), { writeId });
    response.json({});
  });

  app.get("/games/:gameId/events", async (request, response) => {
    const { gameId } = request.params;
    const player = playerOf(request, response);
    const signal = AbortSignal.any([closing.signal, whenClosed(response)]);
    const send = (event: object) => {
      if (!response.headersSent) {
        response.set({ "content-type": "text/event-stream", "cache-control": "no-store", connection: "close" });
      }
      response.write(`data: ${JSON.stringify({ ...event, you: player })}\n\n`);
    };
    for await (const now of manager.watch(gameId, { signal })) {
      if (now.status === "gone") continue;
      const plays = game.playersOf(now.state).includes(player);
      // What this player may see, and nothing else, leaves the server.
      const view = game.viewFor(now.state, plays ? { playerId: player } : "spectator");
      send({ view, outcome: game.resultOf(now.state) });
    }
    const replay = signal.aborted ? null : await manager.getReplay(gameId, { playerId: player });
    if (replay) send({ view: replay.finalView, outcome: replay.record.outcome });
    else if (!response.headersSent) response.status(404);
    response.end();
  });

  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const [status, reason] = explain(error);
    if (status === 500) console.error(error);
    if (response.headersSent) response.end();
    else response.status(status).json({ reason });
  });

  const server = app.listen(port);
  await once(server, "listening");
  return {
    async close(): Promise<void> {
      if (closing.signal.aborted) return;
      closing.abort();
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await closed;
      await manager.close();
    },
  };
}

function whenClosed(response: Response): AbortSignal {
  const closed = new AbortController();
  response.once("close", () => closed.abort());
  return closed.signal;
}

/** The status of an answer, and what a player may read of it. 503: ask again. */
function explain(error: unknown): [status: number, reason: string] {
  if (error instanceof z.ZodError) return [400, z.prettifyError(error)];
  // Express says itself what is wrong with a request, such as a body that is no JSON.
  if (error instanceof Error && "status" in error && Number(error.status) < 500)
    return [Number(error.status), error.message];
  if (!isTurnkeepError(error)) return [500, "the server has failed"];
  if (/^(IllegalAction|NotYourTurn|Forbidden|Game\w+|Invalid\w+)$/.test(error.code)) return [409, error.message];
  return [503, error.message];
}
