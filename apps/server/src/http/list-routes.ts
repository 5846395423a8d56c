import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Access } from "../auth/access.js";
import type { GameService } from "../games/game-service.js";
import type { LiveGames } from "../games/live-games.js";
import { pageQuerySchema } from "../protocol/game-requests.js";
import { playerOf, viewerOf } from "./caller.js";

interface ListRouteOptions {
  readonly service: GameService;
  readonly live: LiveGames;
  readonly access: Access;
}

/** Lists: one's own games, one's history, and a few that are being played. */
export const listRoutes: FastifyPluginAsyncZod<ListRouteOptions> = async (app, { service, live, access }) => {
  const schema = { querystring: pageQuerySchema };

  app.get("/games", { schema }, async (request) => service.listActive(playerOf(request), request.query));

  app.get("/history", { schema }, async (request) => service.listHistory(playerOf(request), request.query));

  app.get("/live", async (request) => {
    viewerOf(request, access);
    return { games: await live.list() };
  });
};
