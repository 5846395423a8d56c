import { setTimeout as delay } from "node:timers/promises";
import { type ApiRequest, type Game, untilAnswered } from "@turnkeep/api";
import type { TestPlayer } from "./test-player.js";

const patienceMs = 60_000;
const backoff = { firstMs: 25, longestMs: 50 };

/**
 * Clients that may talk to any server, each time to another one, while servers come and go. What got no answer, or one
 * that says to try again, is sent again as it was, to the server that is next.
 */
export class Roaming {
  readonly #addresses: () => readonly string[];
  /** Requests that had to be sent again. */
  retries = 0;
  #turn = 0;

  constructor(addresses: () => readonly string[]) {
    this.#addresses = addresses;
  }

  /** The first final answer. @throws Refusal that is final, or the last attempt's error if none comes for a minute */
  ask<T>(player: TestPlayer, request: ApiRequest<T>): Promise<T> {
    const onRetry = () => {
      this.retries += 1;
    };
    const signal = AbortSignal.timeout(patienceMs);
    return untilAnswered(() => player.api(this.#next()).ask(request, { signal }), { backoff, onRetry, signal });
  }

  /** Watches a game until it is over, from a server that can show it; the last view. */
  async watch(player: TestPlayer, gameId: string): Promise<Game> {
    for (;;) {
      const last = await watchAt(player, this.#next(), gameId);
      if (last !== null) return last;
      await delay(backoff.firstMs);
    }
  }

  #next(): string {
    const addresses = this.#addresses();
    this.#turn += 1;
    return addresses[this.#turn % addresses.length] ?? "";
  }
}

/** The last view of the game; `null` once the server is lost, or cannot show the game. */
function watchAt(player: TestPlayer, address: string, gameId: string): Promise<Game | null> {
  return new Promise((resolve) => {
    const socket = player.api(address).openSocket((state) => {
      if (state === "lost" || state === "refused") end(null);
    });
    const end = (last: Game | null) => {
      resolve(last);
      socket.close();
    };
    socket.watch(gameId, {
      view: (game) => {
        if (game.status === "archived") end(game);
      },
      gone: () => end(null),
    });
  });
}
