import { isIP } from "node:net";
import type { FastifyInstance } from "fastify";
import { forbidden } from "../../games/refusals.js";

const isLoopback = (host: string) => host === "localhost" || host === "::1" || host.startsWith("127.");

/** The name in a Host header, without its port. */
const nameOf = (host: string) =>
  host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();

/** True for a name that no stranger can let point here: an address, this machine, or that of an allowed origin. */
export function isOwnName(host: string, allowedOrigins: readonly string[]): boolean {
  const name = nameOf(host);
  const own = name === "localhost" || name.endsWith(".localhost") || isIP(name) !== 0;
  return own || allowedOrigins.some((origin) => nameOf(new URL(origin).host) === name);
}

/**
 * In demo mode anybody may have a token, so a server that listens for this machine alone must not answer pages of
 * others, which reach it by a name of theirs that points here (DNS rebinding).
 */
export function guardDemoHost(
  app: FastifyInstance,
  { host, allowedOrigins }: { readonly host: string; readonly allowedOrigins: readonly string[] },
): void {
  if (!isLoopback(host)) return;
  app.addHook("onRequest", async ({ headers, routeOptions }) => {
    if (routeOptions.config?.rateLimit === false || headers.host === undefined) return;
    if (isOwnName(headers.host, allowedOrigins)) return;
    throw forbidden(
      "in demo mode this name is not answered: use localhost, or add the page's origin to ALLOWED_ORIGINS",
    );
  });
}
