import type { GameAnswer } from "@turnkeep/api/schemas";
import type { Runtime } from "@turnkeep/core";
import type { GameService } from "../game-service.js";

const shownGames = 8;
const rememberedGames = 64;
const keptMs = 1_000;

export interface LiveSource {
  readonly service: Pick<GameService, "view">;
  /** Ids of live games in the store, of whichever server. */
  listLive(limit: number): Promise<readonly string[]>;
  readonly runtime: Pick<Runtime, "monotonicMs">;
}

/**
 * A few games that are being played, for spectators to choose from: those that moved here last, then others. The
 * answer is kept for a second, so that a crowd of spectators costs no more than one.
 */
export class LiveGames {
  readonly #source: LiveSource;
  /** The one that moved last is last. */
  readonly #recent = new Set<string>();
  #kept: { readonly until: number; readonly games: Promise<readonly GameAnswer[]> } | null = null;

  constructor(source: LiveSource) {
    this.#source = source;
  }

  /** A game moved. */
  touch(gameId: string): void {
    this.#recent.delete(gameId);
    this.#recent.add(gameId);
    for (const oldest of this.#recent) {
      if (this.#recent.size <= rememberedGames) break;
      this.#recent.delete(oldest);
    }
  }

  /** A game ended. */
  drop(gameId: string): void {
    this.#recent.delete(gameId);
  }

  /** As spectators see them, at most eight. @throws StoreUnavailable */
  list(): Promise<readonly GameAnswer[]> {
    const now = this.#source.runtime.monotonicMs();
    if (this.#kept !== null && now < this.#kept.until) return this.#kept.games;
    const games = this.#look();
    this.#kept = { until: now + keptMs, games };
    games.catch(() => {
      this.#kept = null;
    });
    return games;
  }

  async #look(): Promise<readonly GameAnswer[]> {
    const stored = this.#recent.size >= shownGames ? [] : await this.#source.listLive(shownGames);
    const candidates = new Set([...[...this.#recent].reverse(), ...stored]);
    const games: GameAnswer[] = [];
    for (const gameId of candidates) {
      if (games.length >= shownGames) break;
      // One game that cannot be shown, for whatever reason, hides no other.
      const game = await this.#source.service.view(gameId, null).catch(() => null);
      if (game?.status === "live") games.push(game);
      else this.drop(gameId);
    }
    return games;
  }
}
