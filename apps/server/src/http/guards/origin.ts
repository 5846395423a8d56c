import type { FastifyInstance } from "fastify";
import { forbidden } from "../../games/refusals.js";
import { socketPath } from "../../socket/socket-routes.js";

/**
 * True for a socket that may be opened: one without Origin (no browser), from a page of this very host, or from one of
 * the allowed origins.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  return /^https?:$/.test(protocol) && host !== undefined && originHost === host.toLowerCase();
}

const mostReported = 100;

/** Refuses upgrades before they happen: from pages of other sites, and where there are no sockets. */
export function guardUpgrades(app: FastifyInstance, allowed: readonly string[]): void {
  const reported = new Set<string>();
  app.addHook("onRequest", async ({ headers, routeOptions, is404, ws, log }, reply) => {
    if (!ws || is404) return;
    if (routeOptions.url !== socketPath) return reply.callNotFound();
    const { origin = "", host = "" } = headers;
    if (isAllowedOrigin(headers.origin, headers.host, allowed)) return;
    // Once for each, so that strangers cannot fill the log.
    if (reported.size < mostReported && !reported.has(origin)) {
      reported.add(origin);
      log.warn(
        { origin, host },
        "a page may not open sockets, since its origin is not this server's Host: let the proxy pass on the Host header, or add the origin to ALLOWED_ORIGINS",
      );
    }
    throw forbidden("pages of this origin may not connect");
  });
}
