import { readFile } from "node:fs/promises";
import { isTurnkeepError } from "@turnkeep/core";
import type { GameStateManager } from "@turnkeep/manager";
import express, { type Request, type Response } from "express";
import { type ConnectFour, connectFour, drop, newConnectFour } from "./connect-four.js";

/** The server: create a game, drop a disc, watch it, look at its end. Whose request it is stands in `?player=`. */
export function createApp(manager: GameStateManager<ConnectFour>) {
  const app = express();
  app.use(express.json());
  app.get("/", async (_request, response) => {
    response.type("html").send(await readFile(new URL("./page.html", import.meta.url), "utf8"));
  });

  app.post("/games", async (request, response) => {
    const id = crypto.randomUUID();
    await manager.createGame(newConnectFour(id, request.body.players), { gameType: "casual" });
    response.json({ id });
  });

  /** A write id from the browser makes a retry safe: it is applied once, on whichever server it comes. */
  const change =
    (reducer: (state: ConnectFour, request: Request) => ConnectFour) =>
    async (request: Request, response: Response) => {
      const { writeId } = request.body as { writeId: string };
      const { state } = await manager.update(String(request.params.id), (now) => reducer(now, request), { writeId });
      response.json(viewOf(state, request));
    };
  app.post(
    "/games/:id/drop",
    change((state, request) => drop(state, playerOf(request), Number(request.body.column))),
  );

  app.get("/games/:id/events", async (request, response) => {
    const gone = new AbortController();
    request.once("close", () => gone.abort());
    response.set({ "content-type": "text/event-stream", "cache-control": "no-store" }).flushHeaders();
    const send = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
    for await (const watched of manager.watch(request.params.id, { signal: gone.signal })) {
      if (watched.status !== "gone") send(viewOf(watched.state, request));
    }
    const replay = await manager.getReplay(request.params.id, viewerOf(request));
    if (replay !== null) send({ ...(replay.finalView as object), outcome: replay.record.outcome });
    response.end();
  });

  app.get("/history", async (request, response) => {
    const { items } = await manager.getPlayerHistory(playerOf(request));
    response.json(items.map(({ gameId, outcome }) => ({ gameId, outcome })));
  });

  app.use((error: unknown, _request: Request, response: Response, _next: () => void) => {
    const away = isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "CacheUnavailable");
    response.status(away ? 503 : 409).json({ error: error instanceof Error ? error.message : "it failed" });
  });
  return app;
}

const playerOf = (request: Request): string => String(request.query.player);
const viewerOf = (request: Request) => ({ playerId: playerOf(request) });
const viewOf = (state: ConnectFour, request: Request) => connectFour.viewFor(state, viewerOf(request));
