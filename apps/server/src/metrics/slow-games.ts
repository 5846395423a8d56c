import { isCanonicalUuid, type Runtime } from "@turnkeep/core";
import type { SlowGame } from "@turnkeep/service-kit";

const mostGames = 10;
const windowMs = 30_000;

/** The games with the slowest actions of the last 30 to 60 seconds; as small for any number of games. */
export class SlowGames {
  readonly #runtime: Pick<Runtime, "monotonicMs">;
  #began: number;
  #now = new Map<string, number>();
  #before = new Map<string, number>();

  constructor(runtime: Pick<Runtime, "monotonicMs">) {
    this.#runtime = runtime;
    this.#began = runtime.monotonicMs();
  }

  /** @param gameId as the player gave it; what is no game's id is left out */
  add(gameId: string, tookMs: number): void {
    if (!isCanonicalUuid(gameId)) return;
    this.#turn();
    const known = this.#now.get(gameId);
    if (known !== undefined && known >= tookMs) return;
    this.#now.set(gameId, tookMs);
    if (this.#now.size <= mostGames) return;
    let [fastest, least] = [gameId, tookMs];
    for (const [other, ms] of this.#now) if (ms < least) [fastest, least] = [other, ms];
    this.#now.delete(fastest);
  }

  /** The slowest first, each with its slowest action. */
  list(): readonly SlowGame[] {
    this.#turn();
    const games = new Map(this.#now);
    for (const [gameId, ms] of this.#before) games.set(gameId, Math.max(ms, games.get(gameId) ?? 0));
    const sorted = [...games].sort(([, one], [, other]) => other - one);
    return sorted.slice(0, mostGames).map(([gameId, ms]) => ({ gameId, slowestMs: Math.round(ms) }));
  }

  #turn(): void {
    const age = this.#runtime.monotonicMs() - this.#began;
    if (age < windowMs) return;
    this.#before = age < 2 * windowMs ? this.#now : new Map();
    this.#now = new Map();
    this.#began += age - (age % windowMs);
  }
}
