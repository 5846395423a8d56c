import type { CardAction } from "@turnkeep/card-rules";
import { systemRuntime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import type { GameState } from "@turnkeep/game-state";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { logError } from "@turnkeep/service-kit";
import { SignJWT } from "jose";
import { pino } from "pino";
import { DemoTokens, demoIssuer } from "../auth/demo-tokens.js";
import { secretVerifier } from "../auth/token-verifier.js";
import { readConfig } from "../config.js";
import { servedCardGame } from "../games/served/served-card-game.js";
import type { ServedGame } from "../games/served/served-game.js";
import { type RunningGameServer, serve } from "../serve.js";

export const testSecret = "the secret of the tests, which is long enough";

export interface TestServerOptions {
  readonly cache?: Cache;
  readonly store?: Store;
  readonly served?: ServedGame<GameState, CardAction>;
  /** Environment settings, beside sound defaults. */
  readonly environment?: Record<string, string>;
  readonly demo?: boolean;
  /** The folder of a built page. */
  readonly page?: URL;
}

export interface TestServer extends RunningGameServer<GameState> {
  readonly store: Store;
  /** Everything that was logged, at every level. */
  readonly logged: () => string;
}

/** A whole server on a free port; its stores are in memory unless given. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const config = readConfig({
    DATABASE_URL: "postgres://unused",
    REDIS_URL: "redis://unused",
    PORT: "0",
    RATE_LIMIT_PER_MINUTE: "0",
    ADDRESS_RATE_LIMIT_PER_MINUTE: "0",
    NEW_GAMES_PER_HOUR: "0",
    ...options.environment,
  });
  const lines: string[] = [];
  const logger = pino(
    { level: "trace", serializers: { err: logError } },
    { write: (line: string) => void lines.push(line) },
  );
  const store = options.store ?? createMemoryStore();
  const running = await serve({
    served: options.served ?? servedCardGame,
    cache: options.cache ?? createMemoryCache(),
    store,
    access: {
      verifier: secretVerifier(testSecret, options.demo ? { issuer: demoIssuer } : {}),
      demo: options.demo ? new DemoTokens(testSecret, systemRuntime) : null,
      inviteKey: new TextEncoder().encode(`invitations: ${testSecret}`),
    },
    config,
    logger,
    page: options.page ?? new URL("../../client/static/", import.meta.url),
  });
  return { ...running, store, logged: () => lines.join("") };
}

export interface TestClaims {
  readonly exp?: number;
  readonly secret?: string;
  readonly issuer?: string;
}

/** A token as the identity provider of the tests would issue it. */
export function tokenFor(playerId: string, claims: TestClaims = {}): Promise<string> {
  const { exp = Math.floor(Date.now() / 1_000) + 600, secret = testSecret } = claims;
  return new SignJWT({ sub: playerId, exp, ...(claims.issuer && { iss: claims.issuer }) })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(secret));
}
