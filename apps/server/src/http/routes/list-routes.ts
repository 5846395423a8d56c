import { finishedGameSchema, listedGameSchema, liveGamesSchema, pageOf, pageQuerySchema } from "@turnkeep/api/schemas";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Access } from "../../auth/access.js";
import type { GameService } from "../../games/game-service.js";
import type { LiveGames } from "../../games/watch/live-games.js";
import { answers } from "../../protocol/responses.js";
import { playerOf, playersOnly, viewerOf, viewersToo } from "../guards/caller.js";

interface ListRouteOptions {
  readonly service: GameService;
  readonly live: LiveGames;
  readonly access: Access;
}

/** Lists: one's own games, one's history, and a few that are being played. */
export const listRoutes: FastifyPluginAsyncZod<ListRouteOptions> = async (app, { service, live, access }) => {
  const mine = (operationId: string, summary: string) => ({
    tags: ["lists"],
    security: playersOnly,
    operationId,
    summary,
    querystring: pageQuerySchema,
  });

  app.get(
    "/games",
    {
      schema: {
        ...mine("listGames", "The caller's games that are not over"),
        response: answers({ 200: pageOf(listedGameSchema) }, "Unauthenticated"),
      },
    },
    async (request) => service.listActive(playerOf(request), request.query),
  );

  app.get(
    "/history",
    {
      schema: {
        ...mine("listHistory", "The caller's finished games, the newest first"),
        response: answers({ 200: pageOf(finishedGameSchema) }, "Unauthenticated"),
      },
    },
    async (request) => service.listHistory(playerOf(request), request.query),
  );

  app.get(
    "/live",
    {
      schema: {
        tags: ["lists"],
        security: viewersToo(access),
        operationId: "listLive",
        summary: "A few games that are being played, as spectators see them",
        response: answers({ 200: liveGamesSchema }, "Unauthenticated"),
      },
    },
    async (request) => {
      viewerOf(request, access);
      return { games: await live.list() };
    },
  );
};
