import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** Lets pages of the allowed origins use the API; tokens are in a header, so that no page has any without asking. */
export async function addCors(app: FastifyInstance, allowed: readonly string[]): Promise<void> {
  if (allowed.length === 0) return;
  await app.register(cors, {
    origin: [...allowed],
    methods: ["GET", "HEAD", "POST"],
    allowedHeaders: ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match"],
    exposedHeaders: ["etag", "location", "retry-after"],
    maxAge: 600,
  });
}
