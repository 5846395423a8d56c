import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { addressOf } from "../../protocol/address.js";
import { rateLimited } from "../../protocol/http-error.js";

export interface RateLimits {
  readonly rateLimitPerMinute: number;
  readonly addressRateLimitPerMinute: number;
}

const minute = 60_000;
/** How many players and addresses are remembered; of more, those that were quiet for longest are forgotten. */
const remembered = 50_000;

/**
 * Counts every request, also of what is not there, but for the health endpoints: first by address, before its token
 * costs anything; then as the player's, wherever they come from, or the address's again for callers without a valid token.
 */
export async function limitRates(app: FastifyInstance, limits: RateLimits, identify: () => void): Promise<void> {
  await app.register(rateLimit, { global: false, timeWindow: minute, cache: remembered });
  const limit = (max: number, keyGenerator: (request: FastifyRequest) => string) => {
    if (max === 0) return;
    const count = app.createRateLimit({ max, timeWindow: minute, keyGenerator });
    app.addHook("onRequest", async (request) => {
      if (request.routeOptions.config?.rateLimit === false) return;
      const counted = await count(request);
      if (!counted.isAllowed && counted.isExceeded) throw rateLimited(counted.ttl);
    });
  };
  limit(limits.addressRateLimitPerMinute, ({ ip }) => addressOf(ip));
  identify();
  limit(limits.rateLimitPerMinute, ({ caller, ip }) =>
    caller.kind === "player" ? caller.identity.playerId : addressOf(ip),
  );
}
