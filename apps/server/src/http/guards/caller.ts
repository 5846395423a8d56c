import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Access } from "../../auth/access.js";
import type { Identity } from "../../auth/token-verifier.js";
import { invalidInput } from "../../games/refusals.js";
import { unauthenticated } from "../../protocol/http-error.js";

/** Who calls: a player, an unknown caller, or a caller whose token was refused. */
export type Caller =
  | { readonly kind: "player"; readonly identity: Identity }
  | { readonly kind: "anonymous" }
  | { readonly kind: "refused"; readonly error: unknown };

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller;
  }
}

const anonymous: Caller = { kind: "anonymous" };

/**
 * Finds out at each request who calls, and refuses tokens in URLs, which end up in logs and histories. Whether the
 * caller may do what they ask is for the route to say, after its rate limit.
 */
export function identifyCallers(app: FastifyInstance, { verifier }: Access): void {
  app.decorateRequest("caller");
  app.addHook("onRequest", async (request) => {
    request.caller = anonymous;
    if (hasTokenInUrl(request)) throw invalidInput("a token belongs into the Authorization header, never into a URL");
    request.caller = await identify(request);
  });

  async function identify({ headers }: FastifyRequest): Promise<Caller> {
    if (headers.authorization === undefined) return anonymous;
    const token = /^Bearer ([\w.~+/=-]{1,8192})$/i.exec(headers.authorization)?.[1];
    if (token === undefined) return { kind: "refused", error: unauthenticated("the header is not a Bearer token") };
    try {
      return { kind: "player", identity: await verifier.verify(token) };
    } catch (error) {
      return { kind: "refused", error };
    }
  }
}

/** The player who calls; `null` for a caller without a valid token. */
export function callerIdOf({ caller }: FastifyRequest): string | null {
  return caller.kind === "player" ? caller.identity.playerId : null;
}

/** The player who calls. @throws Unauthenticated */
export function playerOf({ caller }: FastifyRequest): string {
  if (caller.kind === "player") return caller.identity.playerId;
  throw caller.kind === "refused" ? caller.error : unauthenticated("a Bearer token is needed");
}

/** A player's id, or `null` for a spectator, which demo mode allows. @throws Unauthenticated */
export function viewerOf(request: FastifyRequest, { demo }: Access): string | null {
  if (request.caller.kind === "anonymous" && demo !== null) return null;
  return playerOf(request);
}

/** For the API's description: a token is needed. */
export const playersOnly = [{ bearer: [] }];

/** In demo mode a caller without a token sees what a spectator sees. */
export function viewersToo({ demo }: Access): Record<string, string[]>[] {
  return demo === null ? playersOnly : [...playersOnly, {}];
}

const tokenNames = /^(access_?token|id_?token|token|jwt|auth(orization)?|bearer)$/i;
const tokenShape = /^(Bearer\s+)?eyJ[\w-]+\.[\w-]+\.[\w-]*$/i;

function hasTokenInUrl({ query }: FastifyRequest): boolean {
  return Object.entries(query as Record<string, unknown>).some(
    ([name, value]) => tokenNames.test(name) || [value].flat().some((one) => tokenShape.test(String(one))),
  );
}
