import { setTimeout as delay } from "node:timers/promises";
import { patienceMs } from "@turnkeep/dev-services";
import type { GameService } from "./game-service.js";
import type { Entry, Journal } from "./journal.js";
import type { Ask } from "./ledger-game.js";
import { recordCall } from "./recorded-call.js";
import { type Chance, seeded, seededUuid } from "./seeded.js";

export interface WorkloadOptions {
  readonly games: number;
  readonly writers: number;
  readonly readers: number;
  /** Games that are ended, and games that are deleted, in each second. */
  readonly closingsPerSecond: number;
  /** New games in each second, one after the other. */
  readonly creationsPerSecond: number;
  /** Pause of a recoverer between two recoveries of everything. */
  readonly recoverEveryMs: number;
}

export const usualWorkload: WorkloadOptions = {
  games: 36,
  writers: 8,
  readers: 4,
  closingsPerSecond: 2,
  creationsPerSecond: 8,
  recoverEveryMs: 400,
};

const retryPauseMs = 60;

/** Clients of several servers, all at once: a seed says what each of them does, and in which order. */
export class Workload {
  readonly #journal: Journal;
  readonly #places: readonly { readonly service: GameService }[];
  readonly #seed: number;
  readonly #options: WorkloadOptions;
  readonly #actors: Promise<void>[] = [];
  /** Games that were there when it began, in which all play. */
  readonly #played: readonly string[];
  /** Games that were begun since, by one client alone. */
  readonly #born: string[] = [];
  /** No new operations; what is unknown is still asked for again. */
  #closing = false;
  #over = false;

  constructor(
    journal: Journal,
    places: readonly { readonly service: GameService }[],
    seed: number,
    options: Partial<WorkloadOptions> = {},
  ) {
    this.#journal = journal;
    this.#places = places;
    this.#seed = seed;
    this.#options = { ...usualWorkload, ...options };
    const chance = seeded(seed, "games");
    this.#played = Array.from({ length: this.#options.games }, () => seededUuid(chance));
  }

  /** Every game that it created, or tried to. */
  get gameIds(): readonly string[] {
    return [...this.#played, ...this.#born];
  }

  /** Creates the games that all play in; resolves when all are there. */
  async create(): Promise<void> {
    await Promise.all(
      this.#played.map(async (gameId, n) => {
        const service = n % this.#places.length;
        const deadline = performance.now() + patienceMs;
        for (;;) {
          const { outcome, error } = await this.#createOnce(service, gameId);
          if (outcome === "done") return;
          if (performance.now() > deadline) throw new Error(`a game could not be created: ${error}`);
          await delay(retryPauseMs);
        }
      }),
    );
  }

  start(): void {
    const { writers, readers, closingsPerSecond, creationsPerSecond, recoverEveryMs } = this.#options;
    for (let n = 0; n < writers; n++) this.#act(`writer${n}`, (chance) => this.#write(`w${n}`, chance), 4);
    for (let n = 0; n < readers; n++) this.#act(`reader${n}`, (chance) => this.#read(chance), 6);
    // Two who end and one who deletes, so that endings meet each other.
    if (closingsPerSecond > 0) {
      this.#act("ender", (chance) => this.#end(chance), 1_000 / closingsPerSecond);
      this.#act("deleter", (chance) => this.#remove(chance), 1_000 / closingsPerSecond);
    }
    if (creationsPerSecond > 0) this.#act("creator", (chance) => this.#begin(chance), 1_000 / creationsPerSecond);
    for (const name of ["recoverer0", "recoverer1"]) this.#act(name, (chance) => this.#recover(chance), recoverEveryMs);
  }

  /** Nobody begins anything new; who has an unknown outcome asks on, for at most so long. */
  async finish(graceMs: number): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => {
      this.#over = true;
    }, graceMs);
    await Promise.race([Promise.all(this.#actors), delay(graceMs + 500)]);
    clearTimeout(timer);
    this.#over = true;
  }

  #act(name: string, step: (chance: Chance) => Promise<void>, pauseMs: number): void {
    const chance = seeded(this.#seed, name);
    const live = async () => {
      await delay(chance.next() * pauseMs);
      while (!this.#closing) {
        await step(chance);
        await delay(pauseMs);
      }
    };
    this.#actors.push(live());
  }

  #call(
    call: { op: Entry["op"]; service: number; gameId: string; writeId?: string },
    make: (on: GameService) => ReturnType<Parameters<typeof recordCall>[2]>,
  ): Promise<Entry> {
    const on = this.#places[call.service]?.service;
    if (on === undefined) throw new RangeError(`there is no server ${call.service}`);
    return recordCall(this.#journal, call, () => make(on));
  }

  #anyService(chance: Chance): number {
    return chance.below(this.#places.length);
  }

  #createOnce(service: number, gameId: string): Promise<Entry> {
    const writeId = `create-${gameId.slice(0, 8)}`;
    return this.#call({ op: "create", service, gameId, writeId }, async (on) => {
      await on.create(gameId, writeId);
      return { level: "durable" as const };
    });
  }

  /** A new game; who does not know whether it was made asks again at any server, who knows that it was not lets it be. */
  async #begin(chance: Chance): Promise<void> {
    const gameId = seededUuid(chance);
    this.#born.push(gameId);
    let unknown = false;
    while (!this.#over) {
      const { outcome } = await this.#createOnce(this.#anyService(chance), gameId);
      unknown ||= outcome === "unknown";
      if (outcome === "done" || outcome === "refused" || outcome === "fault" || !unknown) return;
      await delay(retryPauseMs);
    }
  }

  /** As a client does it: the same write id again, at any server, until the outcome is known. */
  async #write(actor: string, chance: Chance): Promise<void> {
    const gameId = chance.pick(this.#played);
    const writeId = `${actor}-${String(this.#serial++).padStart(6, "0")}`;
    const ask = drawAsk(chance);
    let unknown = false;
    while (!this.#over) {
      const service = this.#anyService(chance);
      const entry = await this.#call({ op: "write", service, gameId, writeId }, async (on) => ({
        level: await on.write(gameId, writeId, ask),
      }));
      unknown ||= entry.outcome === "unknown";
      if (entry.outcome === "done" || entry.outcome === "refused" || entry.outcome === "fault") return;
      if (!unknown && (this.#closing || chance.next() < 0.5)) return;
      await delay(retryPauseMs);
    }
  }

  #serial = 0;

  async #read(chance: Chance): Promise<void> {
    const gameId = chance.pick(this.#played);
    const read = await this.#call({ op: "read", service: this.#anyService(chance), gameId }, async (on) => ({
      sight: await on.read(gameId),
    }));
    if (read.outcome !== "done") await delay(retryPauseMs);
  }

  /** Sometimes two end the same game at once, at two servers. */
  async #end(chance: Chance): Promise<void> {
    const gameId = this.#played[chance.below(Math.ceil(this.#played.length / 2))] ?? "";
    const times = 1 + chance.below(2);
    const first = this.#anyService(chance);
    await Promise.all(
      Array.from({ length: times }, (_, n) =>
        this.#call({ op: "end", service: (first + n) % this.#places.length, gameId }, async (on) => {
          await on.end(gameId);
          return {};
        }),
      ),
    );
  }

  /** Games of the last quarter only, so that most of those that end are not deleted. */
  async #remove(chance: Chance): Promise<void> {
    const quarter = Math.ceil(this.#played.length / 4);
    const gameId = this.#played[this.#played.length - 1 - chance.below(quarter)] ?? "";
    await this.#call({ op: "delete", service: this.#anyService(chance), gameId }, async (on) => ({
      refused: !(await on.remove(gameId)),
    }));
  }

  async #recover(chance: Chance): Promise<void> {
    await this.#call({ op: "recover", service: this.#anyService(chance), gameId: "" }, async (on) => {
      await on.recover();
      return {};
    });
  }
}

function drawAsk(chance: Chance): Ask {
  const at = chance.next();
  if (at < 0.7) return "writeBehind";
  return at < 0.85 ? "durable" : "turn";
}
