import { demoTokenAnswerSchema, demoTokenSchema } from "@turnkeep/api/schemas";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { DemoTokens } from "../../auth/demo-tokens.js";
import { answers } from "../../protocol/responses.js";

/** Demo mode only: a token for a new player, for anyone who asks. */
export const demoRoutes: FastifyPluginAsyncZod<{ tokens: DemoTokens }> = async (app, { tokens }) => {
  const schema = {
    tags: ["demo"],
    operationId: "createDemoToken",
    summary: "A token for a new player",
    body: demoTokenSchema,
    response: answers({ 201: demoTokenAnswerSchema }),
  };
  app.post("/demo/token", { schema }, async (request, reply) => {
    reply.status(201).header("cache-control", "no-store");
    return tokens.issue(request.body.name);
  });
};
