import {
  gameParamsSchema,
  newsAnswerSchema,
  newsQuerySchema,
  replayAnswerSchema,
  replayStepsSchema,
  stepQuerySchema,
} from "@turnkeep/api/schemas";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Access } from "../../auth/access.js";
import type { GameService } from "../../games/game-service.js";
import { answers } from "../../protocol/responses.js";
import { viewerOf, viewersToo } from "../guards/caller.js";

/** What happened: since a version, and in a finished game. */
export const pastRoutes: FastifyPluginAsyncZod<{ service: GameService; access: Access }> = async (app, options) => {
  const { service, access } = options;
  const params = gameParamsSchema;
  const forViewers = { tags: ["games"], security: viewersToo(access) };

  app.get(
    "/games/:gameId/news",
    {
      schema: {
        ...forViewers,
        operationId: "getNews",
        summary: "See a game, and what happened in it since a version",
        params,
        querystring: newsQuerySchema,
        response: answers({ 200: newsAnswerSchema }, "Unauthenticated", "InvalidGameId", "GameNotFound"),
      },
    },
    async (request, reply) => {
      reply.header("vary", "authorization").header("cache-control", "private, no-cache");
      return service.since(request.params.gameId, viewerOf(request, access), request.query.since);
    },
  );

  app.get(
    "/games/:gameId/replay",
    {
      schema: {
        ...forViewers,
        operationId: "getReplay",
        summary: "A finished game from its first view to its last",
        params,
        response: answers({ 200: replayAnswerSchema }, "Unauthenticated", "InvalidGameId", "GameNotFound"),
      },
    },
    async (request) => service.replay(request.params.gameId, viewerOf(request, access)),
  );

  app.get(
    "/games/:gameId/replay/steps",
    {
      schema: {
        ...forViewers,
        operationId: "getReplaySteps",
        summary: "A finished game, step by step",
        params,
        querystring: stepQuerySchema,
        response: answers({ 200: replayStepsSchema }, "Unauthenticated", "InvalidGameId", "GameNotFound"),
      },
    },
    async (request) => service.replaySteps(request.params.gameId, viewerOf(request, access), request.query),
  );
};
