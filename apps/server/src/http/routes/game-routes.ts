import {
  actAnswerSchema,
  actSchema,
  concedeSchema,
  createGameSchema,
  type GameAnswer,
  gameAnswerSchema,
  gameParamsSchema,
  nothingSchema,
  viewHeadersSchema,
  writeHeadersSchema,
} from "@turnkeep/api/schemas";
import type { FastifyReply } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import type { Access } from "../../auth/access.js";
import type { GameService } from "../../games/game-service.js";
import type { NewGames } from "../../limits/new-games.js";
import { answers, writeProblems } from "../../protocol/responses.js";
import { playerOf, playersOnly, viewerOf, viewersToo } from "../guards/caller.js";
import { matchesVersion, versionTag } from "./entity-tags.js";
import { inviteRoutes } from "./invite-routes.js";
import { pastRoutes } from "./past-routes.js";
import { foldWriteHeaders } from "./write-headers.js";

/** One game: creation, view, actions, invitations, and what happened in it. */
export const gameRoutes: FastifyPluginAsyncZod<{
  service: GameService;
  access: Access;
  newGames: Pick<NewGames, "count">;
}> = async (app, options) => {
  const { service, access, newGames } = options;
  const params = gameParamsSchema;
  const forPlayers = { tags: ["games"], security: playersOnly };
  const forViewers = { tags: ["games"], security: viewersToo(access) };
  const onlyPlayers = { preParsing: async (request: Parameters<typeof playerOf>[0]) => void playerOf(request) };
  const write = { ...onlyPlayers, preValidation: foldWriteHeaders };

  app.post(
    "/games",
    {
      ...write,
      schema: {
        ...forPlayers,
        operationId: "createGame",
        summary: "Create a game against an NPC",
        body: createGameSchema,
        headers: writeHeadersSchema,
        response: answers({ 201: gameAnswerSchema.describe("It is durable") }, "GameExists", ...writeProblems),
      },
    },
    async (request, reply) => {
      newGames.count(request.ip, playerOf(request));
      const game = await service.create(playerOf(request), request.body);
      // Relative, since a proxy may have a path before all of these.
      reply.status(201).header("location", `games/${game.gameId}`);
      return withVersion(reply, game);
    },
  );

  app.post(
    "/games/:gameId/join",
    {
      ...onlyPlayers,
      schema: {
        ...forPlayers,
        operationId: "joinGame",
        summary: "Take the seat that an invitation gave",
        params,
        body: nothingSchema,
        response: answers({ 200: gameAnswerSchema }, ...writeProblems),
      },
    },
    async (request, reply) => withVersion(reply, await service.join(playerOf(request), request.params.gameId)),
  );

  app.get(
    "/games/:gameId",
    {
      schema: {
        ...forViewers,
        operationId: "getGame",
        summary: "See a game, also when it is over",
        params,
        headers: viewHeadersSchema,
        response: answers(
          { 200: gameAnswerSchema, 304: z.undefined().describe("Still that version") },
          "Unauthenticated",
          "InvalidGameId",
          "GameNotFound",
          "GameQuarantined",
        ),
      },
    },
    async (request, reply) => {
      const game = await service.view(request.params.gameId, viewerOf(request, access));
      withVersion(reply, game);
      const known = matchesVersion(request.headers["if-none-match"], game);
      return known ? reply.status(304).send() : game;
    },
  );

  app.post(
    "/games/:gameId/actions",
    {
      ...write,
      schema: {
        ...forPlayers,
        operationId: "act",
        summary: "Play an action",
        params,
        body: actSchema,
        headers: writeHeadersSchema,
        response: answers({ 200: actAnswerSchema }, ...writeProblems),
      },
    },
    async (request, reply) => {
      const { action, ...rest } = request.body;
      return withVersion(reply, await service.act(playerOf(request), request.params.gameId, action, rest));
    },
  );

  app.post(
    "/games/:gameId/concede",
    {
      ...write,
      schema: {
        ...forPlayers,
        operationId: "concede",
        summary: "Give up",
        params,
        body: concedeSchema,
        headers: writeHeadersSchema,
        response: answers({ 200: actAnswerSchema }, ...writeProblems),
      },
    },
    async (request, reply) =>
      withVersion(reply, await service.concede(playerOf(request), request.params.gameId, request.body)),
  );

  await app.register(inviteRoutes, options);
  await app.register(pastRoutes, options);
};

/** Two viewers of one version see different things, so caches must not mix them up. */
function withVersion<T extends GameAnswer>(reply: FastifyReply, game: T): T {
  reply.header("vary", "authorization, origin").header("cache-control", "private, no-cache");
  const tag = versionTag(game);
  if (tag !== null) reply.header("etag", tag);
  return game;
}
