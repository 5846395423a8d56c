import { fixtures } from "@turnkeep/conformance";
import { compareDecimals, type GameId, lineageOf, revisionOf, type Version } from "@turnkeep/core";
import type { ActiveGame, FlushItem, Store } from "@turnkeep/core/ports";
import fc from "fast-check";

/** One call of a store, as data: which of two games, and the choices that its operation has. */
export interface StoreStep {
  readonly operation: (typeof operations)[number];
  readonly game: 0 | 1;
  /** How many writes the copy is ahead of the row that it was made from; below 0 it is behind. */
  readonly ahead: number;
  /** From which of the rows that were seen the copy is made, counted from the newest. */
  readonly from: number;
  readonly writeId: string;
  readonly askedFor: boolean;
  readonly sealed: boolean;
  readonly rollsBack: boolean;
}

const operations = [
  ...["create", "create", "load", "load", "load", "read", "status", "flush", "flush", "flush", "flush", "archive"],
  ...[
    "archiveIncomplete",
    "remove",
    "quarantine",
    "release",
    "overwrite",
    "overwrite",
    "readLog",
    "readReplay",
    "lists",
  ],
] as const;

export const storeSteps = fc.array(
  fc.record<StoreStep>({
    operation: fc.constantFrom(...operations),
    game: fc.constantFrom(0, 1),
    ahead: fc.integer({ min: -1, max: 3 }),
    from: fc.nat({ max: 2 }),
    writeId: fc.constantFrom("write-id-1", "write-id-2", "write-id-3"),
    askedFor: fc.boolean(),
    sealed: fc.boolean(),
    rollsBack: fc.boolean(),
  }),
  { minLength: 10, maxLength: 30 },
);

class ChangedMind extends Error {}

/**
 * A store under random steps. It remembers the rows that it was given, from which copies are made; fences, which are
 * only comparable within one store, are compared by the order in which they first came.
 */
export class StoreSide<Tx> {
  readonly #rows = new Map<GameId, ActiveGame[]>();
  readonly #fences: string[] = [];

  constructor(
    readonly store: Store<Tx>,
    readonly transaction: <T>(work: (transaction: Tx) => Promise<T>) => Promise<T>,
  ) {}

  /** A game to begin with, as most calls want one. */
  async begin(gameId: GameId): Promise<void> {
    this.#remember(fixtures.createdBy(await this.store.create(fixtures.newGameOf(gameId, { writeId: "write-id-0" }))));
  }

  /** Does the step, and returns what it answered, without times and with comparable fences. */
  async take(step: StoreStep, gameId: GameId): Promise<unknown> {
    const answer = step.rollsBack ? await this.#undone(step, gameId) : await this.#call(step, gameId);
    return this.#comparable(answer);
  }

  /** In a transaction that rolls back: the answer counts, and the store is as before but for used fences. */
  async #undone(step: StoreStep, gameId: GameId): Promise<unknown> {
    let answer: unknown;
    const rolledBack = this.transaction(async (transaction) => {
      answer = await this.#call(step, gameId, transaction);
      throw new ChangedMind("as the step says");
    });
    await rolledBack.catch((error: unknown) => {
      if (!(error instanceof ChangedMind)) throw error;
    });
    return answer;
  }

  async #call(step: StoreStep, gameId: GameId, transaction?: Tx): Promise<unknown> {
    const { store } = this;
    const options = { transaction };
    const { writeId } = step;
    switch (step.operation) {
      case "create": {
        const reply = await store.create(fixtures.newGameOf(gameId, { writeId }), options);
        if (reply.kind === "created") this.#remember(reply.game);
        return reply;
      }
      case "load": {
        const reply = await store.load(gameId, options);
        if (reply.kind === "row") this.#remember(fixtures.installed(reply.game));
        return reply;
      }
      case "read":
        return store.read(gameId, options);
      case "status":
        return store.status(gameId, options);
      case "flush":
        return store.flush([this.#copy(step, gameId)], options);
      case "archive":
        return store.archive({ copy: { ...this.#copy(step, gameId), ...sealed } }, options);
      case "archiveIncomplete": {
        const { gameType, playerIds, npcId, rules, rulesVersion } = fixtures.newGameOf(gameId);
        const facts = { gameId, gameType, playerIds, npcId, rules, rulesVersion, outcome: fixtures.outcome };
        return store.archiveIncomplete({ ...facts, state: step.sealed ? "{}" : null, turnCount: 3 }, options);
      }
      case "remove":
        return store.remove(gameId, options);
      case "quarantine": {
        const now = step.askedFor ? await store.read(gameId, options) : null;
        const row = now?.kind === "row" ? now.game : this.#copy(step, gameId);
        return store.quarantine(row, "unreadable", new Uint8Array([1, 2]), options);
      }
      case "release": {
        const row = await store.readQuarantined(gameId, options);
        const copy = this.#copy(step, gameId);
        return [row, await store.release(row ?? copy, step.askedFor ? copy : null, options)];
      }
      case "overwrite":
        return transaction === undefined
          ? this.transaction((own) => this.#overwrite(step, gameId, own))
          : this.#overwrite(step, gameId, transaction);
      case "readLog":
        return store.readLog(gameId, { from: 1 + step.from, limit: 3 }, options);
      case "readReplay":
        return store.readReplay(gameId, options);
      case "lists":
        return this.#lists(gameId, transaction);
      default:
        throw new Error(`no such step: ${step.operation}`);
    }
  }

  async #overwrite(step: StoreStep, gameId: GameId, transaction: Tx): Promise<unknown> {
    const options = { transaction };
    const locked = await this.store.lock(gameId, options);
    const base = locked.kind === "row" && !step.askedFor ? locked.game.version : this.#copy(step, gameId).version;
    const request = {
      gameId,
      baseRevision: revisionOf(base),
      schemaVersion: 2,
      turnNumber: 9,
      dueAt: 90,
      writeId: step.writeId,
    };
    const row = await this.store.overwrite({ ...request, state: '{"over":1}', entries: ['"over"'] }, options);
    if (row !== null) this.#remember(row);
    return row;
  }

  async #lists(gameId: GameId, transaction: Tx | undefined): Promise<unknown> {
    const options = { transaction };
    const just = { after: before(gameId), limit: 1 };
    return {
      live: (await this.store.listIds("active", just, options)).includes(gameId),
      ended: (await this.store.listIds("ended", just, options)).includes(gameId),
      idle: (await this.store.listIds({ idleForMs: 0 }, just, options)).includes(gameId),
      loaded: await this.store.loadPage([gameId], options),
      gone: await this.store.listGone([gameId], options),
      facts: await this.store.inspect([gameId], { ...options, states: true }),
      page: (await this.store.inspect(just, options)).filter((facts) => facts.gameId === gameId),
    };
  }

  #remember(row: ActiveGame): void {
    this.#rows.set(row.gameId, [...(this.#rows.get(row.gameId) ?? []), row]);
  }

  /** What a cache that was filled with one of the rows seen might flush. */
  #copy(step: StoreStep, gameId: GameId): FlushItem {
    const rows = this.#rows.get(gameId) ?? [fixtures.rowOf(gameId, { version: "1.5" as Version, fence: "1" })];
    const row = rows.at(-1 - step.from) ?? rows[0] ?? fixtures.rowOf(gameId);
    const revision = fixtures.above(revisionOf(row.version), step.ahead);
    const version = `${lineageOf(row.version)}.${revision === "0" ? "1" : revision}` as Version;
    const logCount = Math.max(0, row.logCount + step.ahead);
    return {
      ...fixtures.nextOf(row),
      version,
      logCount,
      state: `{"ahead":${step.ahead}}`,
      entries: Array.from({ length: Math.min(logCount, Math.max(0, step.ahead)) }, (_, n) => `"${step.ahead}.${n}"`),
      writeIds: `${step.writeId}@${version}`,
      ...(step.sealed ? sealed : {}),
      ...(step.askedFor ? { writeId: step.writeId } : {}),
    };
  }

  /** Times out, fences by their order of appearance. */
  #comparable(answer: unknown): unknown {
    return JSON.parse(JSON.stringify(answer ?? null), (name, value) => {
      if (/At$|^durationSeconds$/.test(name)) return undefined;
      if (name === "fence") return this.#ordinal(value);
      if (name === "version" || name === "rowVersion") return this.#ofVersion(value);
      if (name === "writeIds")
        return String(value).replace(/@(\d+\.\d+)/g, (_, at: string) => `@${this.#ofVersion(at)}`);
      return value;
    });
  }

  #ofVersion(version: string): string {
    return `${this.#ordinal(version.split(".")[0] ?? "")}.${version.split(".")[1]}`;
  }

  /** The same for both stores, as long as each gives out its fences in rising order. */
  #ordinal(fence: string): string {
    const newest = this.#fences.at(-1) ?? "0";
    if (!this.#fences.includes(fence)) {
      if (compareDecimals(fence, newest) < 0) return `older than ${this.#fences.length}`;
      this.#fences.push(fence);
    }
    return `fence ${this.#fences.indexOf(fence)}`;
  }
}

const sealed = { status: "ended", outcome: fixtures.outcome } as const;

/** The id just before this one. */
const before = (gameId: GameId): GameId => `${gameId.slice(0, -12)}${"0".repeat(12)}`;
