import type { Runtime } from "@turnkeep/core";
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { keysUnavailable } from "../protocol/http-error.js";

/** How long keys serve without another look at the key server. */
const freshMs = 600_000;
/** How long they serve on while it cannot be reached. */
const staleMs = 24 * 3_600_000;
/** An unknown key is looked for at most so often. */
const cooldownMs = 30_000;
/** The pause after a look that failed. */
const pauseMs = 5_000;

/** Receives what becomes known of the key server. */
export interface KeySetReport {
  readonly onDown: (error: unknown) => void;
  readonly onUp: () => void;
}

/**
 * The public keys of an identity provider, fetched when they are first needed, then kept. `up` until a fetch fails;
 * then `down`: known keys serve on for a day, unknown ones wait, and it is tried again every few seconds.
 */
export class KeySet {
  readonly #remote: ReturnType<typeof createRemoteJWKSet>;
  readonly #now: () => number;
  readonly #report: KeySetReport;
  #known: JWTVerifyGetKey | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  /** `null` while it is up. */
  #tryAgainAt: number | null = null;

  constructor(url: string, { monotonicMs }: Pick<Runtime, "monotonicMs">, report: KeySetReport) {
    this.#remote = createRemoteJWKSet(new URL(url), { timeoutDuration: pauseMs });
    this.#now = monotonicMs;
    this.#report = report;
  }

  get isUp(): boolean {
    return this.#tryAgainAt === null;
  }

  /** @throws KeysUnavailable where the key is not known and none can be fetched; jose's errors for one that is none */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const ageMs = this.#now() - this.#fetchedAt;
    if (this.#known === null || ageMs > staleMs) return (await this.#fetch())(header, token);
    // Nobody waits for a look that is due but not needed.
    if (ageMs > freshMs) void this.#fetch().catch(() => undefined);
    try {
      return await this.#known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || ageMs < cooldownMs) throw error;
      return (await this.#fetch())(header, token);
    }
  };

  /** @throws KeysUnavailable */
  async #fetch(): Promise<JWTVerifyGetKey> {
    if (this.#tryAgainAt !== null && this.#now() < this.#tryAgainAt) throw keysUnavailable(pauseMs);
    try {
      await this.#remote.reload();
    } catch (error) {
      if (this.isUp) this.#report.onDown(error);
      this.#tryAgainAt = this.#now() + pauseMs;
      throw keysUnavailable(pauseMs);
    }
    if (!this.isUp) this.#report.onUp();
    this.#tryAgainAt = null;
    this.#fetchedAt = this.#now();
    this.#known = createLocalJWKSet(this.#remote.jwks() ?? { keys: [] });
    return this.#known;
  }
}
