import type { Runtime } from "@turnkeep/core";
import { rateLimited } from "../protocol/http-error.js";
import { addressOf } from "./address.js";
import { RateLimit } from "./rate-limit.js";
import type { Rate } from "./token-bucket.js";

export interface RequestRates {
  readonly rateLimitPerMinute: number;
  readonly addressRateLimitPerMinute: number;
}

/** Who asks. */
export interface Requester {
  readonly ip: string;
  /** `null` for a caller without a valid token, who is counted by address. */
  readonly playerId: string | null;
}

const bytesOfOne = 1_024;

/** What one request or one message of so many bytes counts for. */
export const costOf = (bytes: number): number => 1 + Math.floor(bytes / bytesOfOne);

/** A minute's worth in a minute; of that three seconds' worth at once, so that a burst holds up nobody for long. */
function rateOf(perMinute: number): Rate | null {
  if (perMinute === 0) return null;
  return { perSecond: perMinute / 60, atOnce: Math.max(perMinute / 20, Math.min(perMinute, 60)) };
}

/**
 * Counts what all callers ask for, over either transport: first by address, before its token costs anything; then as
 * the player's, wherever they come from, or the address's for callers without a valid token.
 */
export class RequestLimits {
  readonly #ofAddresses: RateLimit;
  readonly #ofCallers: RateLimit;

  constructor(rates: RequestRates, runtime: Pick<Runtime, "monotonicMs">) {
    this.#ofAddresses = new RateLimit(rateOf(rates.addressRateLimitPerMinute), runtime);
    this.#ofCallers = new RateLimit(rateOf(rates.rateLimitPerMinute), runtime);
  }

  /** @throws RateLimited */
  countAddress(ip: string, cost = 1): void {
    refuseFor(this.#ofAddresses.take(addressOf(ip), cost));
  }

  /** @throws RateLimited */
  countCaller({ ip, playerId }: Requester, cost = 1): void {
    refuseFor(this.#ofCallers.take(playerId === null ? `address ${addressOf(ip)}` : `player ${playerId}`, cost));
  }

  /** Both at once. @throws RateLimited */
  count(requester: Requester, cost: number): void {
    this.countAddress(requester.ip, cost);
    this.countCaller(requester, cost);
  }
}

function refuseFor(waitMs: number): void {
  if (waitMs > 0) throw rateLimited(waitMs);
}
