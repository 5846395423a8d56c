import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { DemoTokens } from "../auth/demo-tokens.js";
import { demoTokenSchema } from "../protocol/game-requests.js";

/** Demo mode only: a token for a new player, for whoever asks. */
export const demoRoutes: FastifyPluginAsyncZod<{ tokens: DemoTokens }> = async (app, { tokens }) => {
  app.post("/demo/token", { schema: { body: demoTokenSchema } }, async (request, reply) => {
    reply.status(201).header("cache-control", "no-store");
    return tokens.issue(request.body.name);
  });
};
