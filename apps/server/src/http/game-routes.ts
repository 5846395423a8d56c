import type { FastifyReply } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Access } from "../auth/access.js";
import type { GameService } from "../games/game-service.js";
import type { GameAnswer } from "../protocol/game-answers.js";
import { actSchema, concedeSchema, createGameSchema, gameParamsSchema } from "../protocol/game-requests.js";
import { playerOf, viewerOf } from "./caller.js";

/** One game: creation, view, actions, replay. */
export const gameRoutes: FastifyPluginAsyncZod<{ service: GameService; access: Access }> = async (app, options) => {
  const { service, access } = options;
  const params = gameParamsSchema;
  const onlyPlayers = { preParsing: async (request: Parameters<typeof playerOf>[0]) => void playerOf(request) };

  app.post("/games", { ...onlyPlayers, schema: { body: createGameSchema } }, async (request, reply) => {
    const game = await service.create(playerOf(request), request.body);
    reply.status(201).header("location", `/games/${game.gameId}`);
    return withVersion(reply, game);
  });

  app.post("/games/:gameId/join", { ...onlyPlayers, schema: { params } }, async (request, reply) =>
    withVersion(reply, await service.join(playerOf(request), request.params.gameId)),
  );

  app.get("/games/:gameId", { schema: { params } }, async (request, reply) => {
    const game = await service.view(request.params.gameId, viewerOf(request, access));
    withVersion(reply, game);
    if (game.version === null || game.stale) return game;
    return request.headers["if-none-match"] === etagOf(game) ? reply.status(304).send() : game;
  });

  app.post(
    "/games/:gameId/actions",
    { ...onlyPlayers, schema: { params, body: actSchema } },
    async (request, reply) => {
      const { action, ...write } = request.body;
      return withVersion(reply, await service.act(playerOf(request), request.params.gameId, action, write));
    },
  );

  app.post(
    "/games/:gameId/concede",
    { ...onlyPlayers, schema: { params, body: concedeSchema } },
    async (request, reply) =>
      withVersion(reply, await service.concede(playerOf(request), request.params.gameId, request.body)),
  );

  app.get("/games/:gameId/replay", { schema: { params } }, async (request) =>
    service.replay(request.params.gameId, viewerOf(request, access)),
  );
};

/** Two viewers of one version see different things, so caches must not mix them up. */
function withVersion<T extends GameAnswer>(reply: FastifyReply, game: T): T {
  reply.header("vary", "authorization").header("cache-control", "private, no-cache");
  if (game.version !== null) reply.header("etag", etagOf(game));
  return game;
}

function etagOf({ version, status }: GameAnswer): string {
  return `"${version}-${status}"`;
}
