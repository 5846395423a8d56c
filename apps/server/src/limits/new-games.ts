import type { Runtime } from "@turnkeep/core";
import { rateLimited } from "../protocol/http-error.js";
import { addressOf } from "./address.js";
import { RateLimit } from "./rate-limit.js";

const ofAddress = 10;

/** Bounds how many games are begun, since each is kept for good: by the player, and by the address. */
export class NewGames {
  readonly #ofPlayers: RateLimit;
  readonly #ofAddresses: RateLimit;

  /** @param perHour 0: no limit */
  constructor(perHour: number, runtime: Pick<Runtime, "monotonicMs">) {
    const rate = (atOnce: number) => (perHour === 0 ? null : { perSecond: atOnce / 3_600, atOnce });
    this.#ofPlayers = new RateLimit(rate(perHour), runtime);
    this.#ofAddresses = new RateLimit(rate(perHour * ofAddress), runtime);
  }

  /** @throws RateLimited */
  count(ip: string, playerId: string): void {
    const waitMs = this.#ofAddresses.take(addressOf(ip)) || this.#ofPlayers.take(playerId);
    if (waitMs > 0) throw rateLimited(waitMs);
  }
}
