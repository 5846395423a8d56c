import { schedule, sleep, until } from "../clock.js";
import type { WriteKind } from "../system/system.js";
import type { Entry } from "./journal.js";
import type { RecordedCalls } from "./recorded-calls.js";
import { type Chance, seeded, seededUuid } from "./seeded.js";

export interface WorkloadOptions {
  readonly games: number;
  readonly writers: number;
  readonly readers: number;
  /** Games that are ended, and games that are deleted, in each second. */
  readonly closingsPerSecond: number;
  /** New games in each second, one after the other. */
  readonly creationsPerSecond: number;
  /** Pause of a recoverer between two recoveries of everything; 0: there is no recoverer. */
  readonly recoverEveryMs: number;
}

const defaults: WorkloadOptions = {
  games: 36,
  writers: 8,
  readers: 4,
  closingsPerSecond: 2,
  creationsPerSecond: 8,
  recoverEveryMs: 400,
};

const retryPauseMs = 60;

/** After these a client stops: it has what it asked for, or repeating it makes no sense. */
const isOver = ({ outcome }: Entry) => outcome === "done" || outcome === "refused" || outcome === "fault";

/** Clients of several servers, all at once. A seed decides what each of them does, and in which order. */
export class Workload {
  readonly #calls: RecordedCalls;
  readonly #servers: number;
  readonly #seed: number;
  readonly #options: WorkloadOptions;
  readonly #clients: Promise<void>[] = [];
  /** Games that are there at the start, in which all play. */
  readonly #played: readonly string[];
  /** Games that one client each has created since. */
  readonly #created: string[] = [];
  #writes = 0;
  /** Clients begin nothing new, and still repeat what is unknown. */
  #closing = false;
  #over = false;

  constructor(calls: RecordedCalls, servers: number, seed: number, options: Partial<WorkloadOptions> = {}) {
    this.#calls = calls;
    this.#servers = servers;
    this.#seed = seed;
    this.#options = { ...defaults, ...options };
    const chance = seeded(seed, "games");
    this.#played = Array.from({ length: this.#options.games }, () => seededUuid(chance));
  }

  /** Every game that it created, or tried to. */
  get gameIds(): readonly string[] {
    return [...this.#played, ...this.#created];
  }

  /** Creates the games that all play in. Resolves when all of them exist. */
  async create(): Promise<void> {
    await Promise.all(
      this.#played.map((gameId, n) => {
        let last: Entry | undefined;
        const created = async () => {
          last = await this.#calls.create(n % this.#servers, gameId);
          return last.outcome === "done";
        };
        return until(created, () => `a game could not be created: ${last?.error}`, retryPauseMs);
      }),
    );
  }

  start(): void {
    const { writers, readers, closingsPerSecond, creationsPerSecond, recoverEveryMs } = this.#options;
    for (let n = 0; n < writers; n++) this.#run(`writer${n}`, (chance) => this.#write(`w${n}`, chance), 4);
    for (let n = 0; n < readers; n++) this.#run(`reader${n}`, (chance) => this.#read(chance), 6);
    if (closingsPerSecond > 0) {
      this.#run("ender", (chance) => this.#end(chance), 1_000 / closingsPerSecond);
      this.#run("deleter", (chance) => this.#remove(chance), 1_000 / closingsPerSecond);
    }
    if (creationsPerSecond > 0) this.#run("creator", (chance) => this.#createNew(chance), 1_000 / creationsPerSecond);
    if (recoverEveryMs > 0) {
      for (const name of ["recoverer0", "recoverer1"])
        this.#run(name, (chance) => this.#recover(chance), recoverEveryMs);
    }
  }

  /** Clients begin nothing new, and repeat what is unknown for at most so long. */
  async finish(graceMs: number): Promise<void> {
    this.#closing = true;
    const cancel = schedule(() => {
      this.#over = true;
    }, graceMs);
    let stopWaiting = () => {};
    const waited = new Promise<void>((resolve) => {
      stopWaiting = schedule(resolve, graceMs + 500);
    });
    await Promise.race([Promise.all(this.#clients), waited]);
    cancel();
    stopWaiting();
    this.#over = true;
  }

  #run(name: string, step: (chance: Chance) => Promise<void>, pauseMs: number): void {
    const chance = seeded(this.#seed, name);
    const loop = async () => {
      await sleep(chance.next() * pauseMs);
      while (!this.#closing) {
        await step(chance);
        await sleep(pauseMs);
      }
    };
    this.#clients.push(loop());
  }

  #anyServer(chance: Chance): number {
    return chance.below(this.#servers);
  }

  /** A new game. If its creation is unknown, the client repeats it at any server; if it is not done, it gives up. */
  async #createNew(chance: Chance): Promise<void> {
    const gameId = seededUuid(chance);
    this.#created.push(gameId);
    let unknown = false;
    while (!this.#over) {
      const entry = await this.#calls.create(this.#anyServer(chance), gameId);
      unknown ||= entry.outcome === "unknown";
      if (isOver(entry) || !unknown) return;
      await sleep(retryPauseMs);
    }
  }

  /** As a client does it: the same write id again, at any server, until the outcome is known. */
  async #write(client: string, chance: Chance): Promise<void> {
    const gameId = chance.pick(this.#played);
    const writeId = `${client}-${String(this.#writes++).padStart(6, "0")}`;
    const kind = pickKind(chance);
    let unknown = false;
    while (!this.#over) {
      const entry = await this.#calls.write(this.#anyServer(chance), gameId, writeId, kind);
      unknown ||= entry.outcome === "unknown";
      if (isOver(entry)) return;
      if (!unknown && (this.#closing || chance.next() < 0.5)) return;
      await sleep(retryPauseMs);
    }
  }

  async #read(chance: Chance): Promise<void> {
    const gameId = chance.pick(this.#played);
    const { outcome } = await this.#calls.read(this.#anyServer(chance), gameId);
    if (outcome !== "done") await sleep(retryPauseMs);
  }

  /** Sometimes two clients end the same game at once, at two servers. */
  async #end(chance: Chance): Promise<void> {
    const gameId = this.#played[chance.below(Math.ceil(this.#played.length / 2))] ?? "";
    const times = 1 + chance.below(2);
    const first = this.#anyServer(chance);
    const ends = Array.from({ length: times }, (_, n) => this.#calls.end((first + n) % this.#servers, gameId));
    await Promise.all(ends);
  }

  /** Games of the last quarter only, so that most of those that end are not deleted. */
  async #remove(chance: Chance): Promise<void> {
    const quarter = Math.ceil(this.#played.length / 4);
    const gameId = this.#played[this.#played.length - 1 - chance.below(quarter)] ?? "";
    await this.#calls.remove(this.#anyServer(chance), gameId);
  }

  async #recover(chance: Chance): Promise<void> {
    await this.#calls.recover(this.#anyServer(chance));
  }
}

function pickKind(chance: Chance): WriteKind {
  const at = chance.next();
  if (at < 0.7) return "writeBehind";
  return at < 0.85 ? "durable" : "turn";
}
