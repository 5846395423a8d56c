import { isTurnkeepError } from "@turnkeep/core";
import type { GameState } from "@turnkeep/game-state";
import type { GameStateManager } from "@turnkeep/manager";
import { now, randomId, sleep } from "../clock.js";

/** Every so many actions one waits for Postgres, as the end of a turn does. */
const durableEvery = 4;
const pauseMs = 10;

/** Plays many games on some servers, without an end, and remembers what was promised. */
export class Play {
  readonly #managers: readonly GameStateManager<GameState>[];
  readonly #gameIds: readonly string[];
  /** What is durable, as it was acknowledged. */
  readonly #durable = new Map<string, number>();
  readonly #sinceLoss = new Set<string>();
  #losses = 0;
  #isOver = false;
  #slowestFirstMs = 0;
  actions = 0;
  readonly #players: readonly Promise<void>[];

  constructor(managers: readonly GameStateManager<GameState>[], gameIds: readonly string[], players: number) {
    this.#managers = managers;
    this.#gameIds = gameIds;
    this.#players = Array.from({ length: players }, (_, player) => this.#play(player, players));
    for (const playing of this.#players) playing.catch(() => undefined); // `end` throws it.
  }

  /** From now on the first action on each game counts as one after the loss of the cache. */
  cacheIsLost(): void {
    this.#losses += 1;
    this.#sinceLoss.clear();
  }

  /** How long a first action took at most, with its repeats, and how many games had one. */
  get firstActions(): { readonly slowestMs: number; readonly games: number } {
    return { slowestMs: this.#slowestFirstMs, games: this.#sinceLoss.size };
  }

  /** Ends it, whatever has failed; what is under way is repeated no more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.#players);
  }

  /** Ends it, and returns the games that lack something which was acknowledged as durable. */
  async end(): Promise<readonly string[]> {
    this.#isOver = true;
    await Promise.all(this.#players);
    const lost: string[] = [];
    for (const [gameId, recordCount] of this.#durable) {
      const loaded = await this.#managers[0]?.loadState(gameId);
      if (!loaded || loaded.state.recordCount < recordCount) lost.push(gameId);
    }
    return lost;
  }

  async #play(player: number, players: number): Promise<void> {
    // Each has games of its own, far apart, so that it meets all of them.
    const own = this.#gameIds.filter((_, n) => n % players === player);
    for (let turn = 0; !this.#isOver && own.length > 0; turn += 1) {
      const gameId = own[turn % own.length] ?? "";
      const isFirst = this.#losses > 0 && !this.#sinceLoss.has(gameId);
      const begun = now();
      await this.#act(gameId, turn);
      if (isFirst) {
        this.#sinceLoss.add(gameId);
        this.#slowestFirstMs = Math.max(this.#slowestFirstMs, now() - begun);
      }
      this.actions += 1;
      await sleep(pauseMs);
    }
  }

  /** Repeats one action until it is done, as a client does. */
  async #act(gameId: string, turn: number): Promise<void> {
    const manager = this.#managers[turn % this.#managers.length];
    const writeId = `act_${randomId()}`;
    const isDurable = turn % durableEvery === 0;
    while (manager !== undefined) {
      try {
        const { state } = await manager.update(
          gameId,
          (before) => ({ ...before, recordCount: before.recordCount + 1 }),
          { writeId, ...(isDurable && { durability: "durable" as const }) },
        );
        if (isDurable) this.#durable.set(gameId, state.recordCount);
        return;
      } catch (error) {
        if (!isTurnkeepError(error) || this.#isOver) throw error;
        await sleep(pauseMs);
      }
    }
  }
}
