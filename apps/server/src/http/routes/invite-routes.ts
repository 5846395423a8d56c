import { acceptInviteSchema, createInviteSchema, gameAnswerSchema, inviteAnswerSchema } from "@turnkeep/api/schemas";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { GameService } from "../../games/game-service.js";
import type { NewGames } from "../../limits/new-games.js";
import { answers, writeProblems } from "../../protocol/responses.js";
import { playerOf, playersOnly } from "../guards/caller.js";

/** Invitations for the first player with their token: tokens travel in bodies, never in URLs. */
export const inviteRoutes: FastifyPluginAsyncZod<{
  service: GameService;
  newGames: Pick<NewGames, "count">;
}> = async (app, { service, newGames }) => {
  const forPlayers = { tags: ["games"], security: playersOnly };
  const onlyPlayers = { preParsing: async (request: Parameters<typeof playerOf>[0]) => void playerOf(request) };

  app.post(
    "/invites",
    {
      ...onlyPlayers,
      schema: {
        ...forPlayers,
        operationId: "createInvite",
        summary: "Invite the first player who gets the token",
        body: createInviteSchema,
        response: answers(
          { 201: inviteAnswerSchema.describe("The game begins when a player accepts") },
          "Unauthenticated",
          "Forbidden",
        ),
      },
    },
    async (request, reply) => {
      const invite = await service.invite(playerOf(request), request.body);
      reply.status(201).header("cache-control", "no-store");
      return invite;
    },
  );

  app.post(
    "/invites/accept",
    {
      ...onlyPlayers,
      schema: {
        ...forPlayers,
        operationId: "acceptInvite",
        summary: "Begin the game of an invitation",
        body: acceptInviteSchema,
        response: answers({ 201: gameAnswerSchema.describe("It is durable") }, ...writeProblems),
      },
    },
    async (request, reply) => {
      newGames.count(request.ip, playerOf(request));
      const game = await service.acceptInvite(playerOf(request), request.body);
      reply.status(201).header("location", `../games/${game.gameId}`).header("cache-control", "no-store");
      return game;
    },
  );
};
