import type { CancelTimer } from "@turnkeep/core";
import { forbidden } from "../games/refusals.js";
import { rateLimited, unauthenticated } from "../protocol/http-error.js";
import type { SessionParts } from "./session-socket.js";

const longestTimerMs = 2_147_483_647;

/** What a socket learns when it has authenticated. */
export interface Authenticated {
  /** `null` for a spectator. */
  readonly playerId: string | null;
  /** How long the token is good for, in ms; `null` for a spectator, who needs none. */
  readonly expiresInMs: number | null;
}

/** Who is at a socket: nobody at first, then one player, or a spectator, for as long as the newest token is good. */
export class Identity {
  readonly #parts: Pick<SessionParts, "access" | "ofPlayers" | "runtime">;
  readonly #onExpired: () => void;
  /** `undefined` until the socket has authenticated. */
  #playerId: string | null | undefined;
  #cancelExpiry: CancelTimer = () => undefined;
  #leave: () => void = () => undefined;
  #forgotten = false;

  constructor(parts: Pick<SessionParts, "access" | "ofPlayers" | "runtime">, onExpired: () => void) {
    this.#parts = parts;
    this.#onExpired = onExpired;
  }

  /** `null` for a spectator, and for one who has not authenticated. */
  get playerId(): string | null {
    return this.#playerId ?? null;
  }

  /**
   * Takes a token; a later one of the same player takes the place of the first.
   * @throws Unauthenticated, Forbidden for a token of another player, RateLimited for one socket too many
   */
  async authenticate(token: string | null): Promise<Authenticated> {
    const { playerId, expiresAt } = await this.#identify(token);
    if (this.#forgotten) return { playerId, expiresInMs: null };
    if (this.#playerId !== undefined && this.#playerId !== playerId) throw forbidden("the token is another player's");
    if (this.#playerId === undefined && playerId !== null) {
      const leave = this.#parts.ofPlayers.take(playerId);
      if (leave === null) throw rateLimited(1_000);
      this.#leave = leave;
    }
    this.#playerId = playerId;
    if (expiresAt === null) return { playerId, expiresInMs: null };
    const expiresInMs = Math.max(0, expiresAt - this.#parts.runtime.wallClockMs());
    this.#cancelExpiry();
    this.#cancelExpiry = this.#parts.runtime.schedule(this.#onExpired, Math.min(expiresInMs, longestTimerMs));
    return { playerId, expiresInMs };
  }

  /** The socket is gone. */
  forget(): void {
    this.#forgotten = true;
    this.#cancelExpiry();
    this.#leave();
  }

  async #identify(token: string | null): Promise<{ playerId: string | null; expiresAt: number | null }> {
    const { verifier, demo } = this.#parts.access;
    if (token !== null) return verifier.verify(token);
    if (demo === null) throw unauthenticated("a token is needed");
    return { playerId: null, expiresAt: null };
  }
}
