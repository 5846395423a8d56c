import type { DemoToken } from "@turnkeep/api/schemas";
import type { Runtime } from "@turnkeep/core";
import { SignJWT } from "jose";

/** Marks tokens of demo mode; a server with real settings never accepts them, since their secret is another. */
export const demoIssuer = "turnkeep-demo";

const lifetimeMs = 24 * 3_600_000;

/** Gives a token to anyone who asks, each time for a new player. Only demo mode has it. */
export class DemoTokens {
  readonly #key: Uint8Array;
  readonly #runtime: Runtime;

  constructor(secret: string, runtime: Runtime) {
    this.#runtime = runtime;
    this.#key = new TextEncoder().encode(secret);
  }

  async issue(name: string): Promise<DemoToken> {
    const playerId = this.#runtime.randomId();
    const expiresAt = Math.floor((this.#runtime.wallClockMs() + lifetimeMs) / 1_000) * 1_000;
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(playerId)
      .setIssuer(demoIssuer)
      .setIssuedAt()
      .setExpirationTime(expiresAt / 1_000)
      .sign(this.#key);
    return { token, playerId, name, expiresAt };
  }
}
