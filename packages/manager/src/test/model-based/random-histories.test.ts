import { type Counter, draw, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import { isTurnkeepError, type Runtime, systemRuntime } from "@turnkeep/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TurnByTurn } from "../support/turn-by-turn.js";
import { openWorld, type Server, type World } from "../support/world.js";

/*
 * Random histories of one game: servers that play, flush, evict, recover, end and delete it at the same time, while
 * calls fail or lose their replies and the cache fails over, is lost or comes back old. Each promise is recorded when
 * it is made, and compared with what is read, then and in the end.
 */

const longestPauseMs = 1_000;

/** Pauses are over at once, since the chosen turns decide what comes first; time limits stay. */
const withoutPauses: Runtime = {
  ...systemRuntime,
  schedule(work, delayMs, options) {
    if (delayMs > longestPauseMs) return systemRuntime.schedule(work, delayMs, options);
    const pending = setImmediate(work);
    return () => clearImmediate(pending);
  },
};

const operations = [
  "play",
  "play",
  "play",
  "playDurably",
  "playDurably",
  "playInTransaction",
  "rollBack",
  "retry",
  "retry",
  "endTurn",
  "load",
  "load",
  "load",
  "flush",
  "flush",
  "evict",
  "evict",
  "wasteLoad",
  "wasteLoad",
  "recover",
  "save",
  "failover",
  "lose",
  "backUp",
  "rewind",
] as const;
const endings = ["end", "win", "delete", "expire", "finishEndings", "archive"] as const;
type Operation = (typeof operations)[number] | (typeof endings)[number];
interface Step {
  readonly operation: Operation;
  readonly by: number;
}

const step = (...choice: readonly Operation[]) => fc.record({ operation: fc.constantFrom(...choice), by: fc.nat(1) });
const round = fc.array(step(...operations), { minLength: 1, maxLength: 5 });
const lastRounds = fc.array(fc.array(step(...operations, ...endings, ...endings), { minLength: 1, maxLength: 5 }), {
  maxLength: 3,
});
const histories = fc
  .tuple(fc.array(round, { minLength: 1, maxLength: 8 }), lastRounds, fc.infiniteStream(fc.nat(1_000_000)))
  .map(([rounds, last, choices]) => ({ rounds: [...rounds, ...last], choices }));

class History {
  readonly gameId: string;
  readonly world: World;
  readonly servers: readonly Server[];
  readonly turns: TurnByTurn;
  readonly #pass: (ms: number) => void;
  /** Moves whose durable acknowledgement was seen. */
  readonly durable = new Set<string>();
  /** Moves acknowledged by the cache, with the number of losses before they were sent. */
  readonly quick = new Map<string, number>();
  /** Moves that were refused, so that they may be seen nowhere. */
  readonly refused = new Set<string>();
  /** Moves that were saved as a whole state, which logs nothing. */
  readonly unlogged = new Set<string>();
  losses = 0;
  ended = false;
  deleted = false;
  #moves = 0;
  /** The last move that was acknowledged, for others to send again under the same write id. */
  #lastPlayed: string | null = null;
  #backup: (() => void) | null = null;

  constructor(world: World, servers: readonly Server[], gameId: string, turns: TurnByTurn, pass: (ms: number) => void) {
    this.world = world;
    this.servers = servers;
    this.gameId = gameId;
    this.turns = turns;
    this.#pass = pass;
  }

  async take({ operation, by }: Step): Promise<void> {
    const server = this.servers[by];
    if (server === undefined) throw new Error("no such server");
    const { manager } = server;
    const { gameId, world } = this;
    const cacheStep = async (work: () => unknown) => {
      await this.turns.turn();
      await work();
    };
    switch (operation) {
      case "play":
        return this.#play(server, {});
      case "playDurably":
        return this.#play(server, { durability: "durable" });
      case "endTurn":
        return this.#play(server, {}, true);
      case "retry":
        return this.#lastPlayed === null
          ? undefined
          : this.#play(server, { durability: "durable" }, false, this.#lastPlayed);
      case "playInTransaction":
      case "rollBack":
        return this.#playInTransaction(server, operation === "rollBack");
      case "save":
        return this.#save(server);
      case "load":
        return this.#load(server);
      case "flush":
        this.#pass(1_001);
        return ignore(manager.flushDue());
      case "evict":
        return ignore(manager.deleteFromCache(gameId));
      case "wasteLoad":
        return cacheStep(() => world.store.load(gameId));
      case "recover":
        return ignore(manager.recoverActiveGames());
      case "failover":
        return cacheStep(() => world.failover());
      case "lose":
        return cacheStep(() => this.#lose(() => void world.loseCache()));
      case "backUp":
        return cacheStep(() => {
          this.#backup = world.backUpCache();
        });
      case "rewind":
        return cacheStep(() => this.#backup && this.#lose(this.#backup));
      case "end":
        return this.#end(manager.endGame(gameId, draw));
      case "archive":
        return this.#end(manager.archiveToHistory(gameId, { outcome: { ...draw, endReason: "timeout" } }));
      case "win":
        return this.#end(manager.update(gameId, win));
      case "expire":
        return ignore(manager.expireStaleGames({ idleForMs: 1_500 }));
      case "finishEndings":
        return ignore(manager.finishEndings());
      case "delete":
        return this.#delete(manager.deleteGame(gameId));
    }
  }

  /** What was read holds all that had been promised before the read began. */
  check(state: Counter, promised: ReadonlySet<string>): void {
    const { moves } = state;
    expect(new Set(moves).size, `twice in ${moves}`).toBe(moves.length);
    for (const name of promised) expect(moves, "a promised move is missing").toContain(name);
    for (const name of this.refused) expect(moves, "a refused move is there").not.toContain(name);
  }

  /** The log has just the moves of the state that were logged, each once and in order. */
  checkLog({ moves }: Counter, log: readonly unknown[]): void {
    expect(log).toEqual(moves.filter((name) => !this.unlogged.has(name)).map((name) => ({ move: name })));
  }

  promised(): Set<string> {
    const kept = [...this.quick].filter(([, losses]) => losses === this.losses).map(([name]) => name);
    return new Set([...this.durable, ...kept]);
  }

  async #play(
    { manager }: Server,
    options: { durability?: "durable" },
    endsTurn = false,
    name = this.#name(),
  ): Promise<void> {
    const { gameId, losses } = this;
    const isRetry = name === this.#lastPlayed;
    const reducer = (state: Counter) => {
      const next = move(name)(state);
      return endsTurn ? { ...next, state: nextTurn(next.state) } : next;
    };
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const { durability } = await manager.update(gameId, reducer, { ...options, writeId: `write-${name}` });
        if (durability === "durable") this.durable.add(name);
        else this.quick.set(name, losses);
        this.#lastPlayed = name;
        return;
      } catch (error) {
        if (!isUnknown(error)) {
          if (attempt === 0 && !isRetry && isTurnkeepError(error) && !isAfterWrite(error)) this.refused.add(name);
          if (!isTurnkeepError(error)) throw error;
          return;
        }
      }
    }
  }

  async #playInTransaction({ manager }: Server, rollsBack: boolean): Promise<void> {
    const name = this.#name();
    let done = false;
    await ignore(
      this.world.transaction(async (transaction) => {
        await manager.update(this.gameId, move(name), { transaction });
        if (rollsBack) throw new Error("rolled back");
        done = true;
      }),
    );
    (done ? this.durable : this.refused).add(name);
  }

  async #save({ manager }: Server): Promise<void> {
    const loaded = await manager.loadState(this.gameId).catch(() => null);
    if (loaded === null) return;
    const { losses } = this;
    const name = this.#name();
    this.unlogged.add(name);
    const { state } = move(name)(loaded.state);
    try {
      await manager.saveToCache(state, { version: loaded.version });
      this.quick.set(name, losses);
    } catch (error) {
      if (!isTurnkeepError(error)) throw error;
      if (!isUnknown(error) && !isAfterWrite(error)) this.refused.add(name);
    }
  }

  async #load({ manager }: Server): Promise<void> {
    const { ended, deleted } = this;
    const [durable, promised, losses] = [new Set(this.durable), this.promised(), this.losses];
    const loaded = await manager.loadState(this.gameId).catch(() => undefined);
    if (loaded === undefined) return;
    if (ended || deleted) expect(loaded, "a game that has gone is served").toBeNull();
    if (loaded === null) return;
    this.check(loaded.state, loaded.stale || losses !== this.losses ? durable : promised);
  }

  async #end(ending: Promise<unknown>): Promise<void> {
    if (await succeeds(ending)) this.ended = true;
  }

  async #delete(deleting: Promise<boolean>): Promise<void> {
    if (await succeeds(deleting)) this.deleted = true;
  }

  #lose(how: () => void): void {
    this.losses += 1;
    how();
  }

  #name(): string {
    this.#moves += 1;
    return `m${String(this.#moves).padStart(4, "0")}`;
  }
}

/** A call may fail because a store or a cache does not answer. */
async function ignore(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

const isUnknown = (error: unknown) =>
  isTurnkeepError(error) && "fate" in error.details && error.details.fate === "unknown";

/** Errors that may also mean: the write was made, and an end, a deletion or a loss came after it. */
const isAfterWrite = (error: unknown) =>
  (["GameEnded", "GameGone", "RevisionConflict"] as const).some((code) => isTurnkeepError(error, code));

async function live(rounds: readonly (readonly Step[])[], choices: Iterator<number>): Promise<void> {
  let now = 1_700_000_000_000;
  const world = await openWorld(() => now);
  const turns = new TurnByTurn((bound) => (choices.next().value ?? 0) % bound);
  const through = {
    cacheThrough: turns.through.bind(turns),
    storeThrough: turns.through.bind(turns),
    runtime: withoutPauses,
  };
  // A start looks into the store as well.
  turns.faulty = false;
  const opening = Promise.all([world.server({}, through), world.server({}, through)]);
  await turns.run([opening]);
  turns.faulty = true;
  const servers = await opening;
  const { gameId } = (await world.create(newCounter())).state;
  const history = new History(world, servers, gameId, turns, (ms) => {
    now += ms;
  });
  for (const steps of rounds) {
    const work = steps.map((each) => history.take(each));
    await turns.run(work);
  }
  turns.faulty = false;
  const observer = await world.server();
  for (let sweep = 0; sweep < 3; sweep++) {
    now += 10_001;
    await observer.manager.finishEndings();
  }
  await checkEnd(history, observer);
  await turns.run([world.close()]);
}

async function checkEnd(history: History, { manager }: Server): Promise<void> {
  const { gameId, world } = history;
  const status = await world.store.status(gameId);
  const loaded = await manager.loadState(gameId);
  if (history.deleted || history.ended) expect(["archived", "deleted"]).toContain(status);
  if (status === "deleted") return expect(loaded).toBeNull();
  if (status === "archived") {
    expect(loaded).toBeNull();
    const stored = await world.store.readReplay(gameId);
    const { finalState, log } = JSON.parse(stored?.replay ?? "{}");
    history.check(finalState, history.promised());
    return history.checkLog(finalState, log);
  }
  expect(status).toBe("live");
  if (loaded === null) throw new Error("the game is missing");
  history.check(loaded.state, history.promised());
  history.checkLog(loaded.state, await manager.getLog(gameId));
  expect(JSON.parse((await world.row(gameId)).state)).toEqual(loaded.state);
}

test("whatever happens to a game, what was promised of it is kept", async () => {
  await fc.assert(
    fc.asyncProperty(histories, ({ rounds, choices }) => live(rounds, choices[Symbol.iterator]())),
    { numRuns: 80, seed: 1 },
  );
});
