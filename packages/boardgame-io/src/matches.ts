import { isTurnkeepError, type JsonValue, type Version } from "@turnkeep/core";
import type { Store } from "@turnkeep/core/ports";
import type { GameStateManager } from "@turnkeep/manager";
import { applyChanges, type Change, stateId } from "./changes.js";
import { type MatchDocument, matchGame } from "./match-game.js";
import { type Generation, gameIdOf, type Kind, labels, labelsOf } from "./match-id.js";
import { changesSeats } from "./merge-metadata.js";

export type Manager = GameStateManager<MatchDocument, null, unknown>;

/** A match as it is now. `stale`: read while the cache was away, so that something newer may exist. */
export interface LiveMatch {
  readonly kind: "live";
  readonly gameId: string;
  readonly document: MatchDocument;
  readonly version: Version;
  readonly stale: boolean;
}

/** A match in history, with the metadata that it has by now. */
export interface FinishedMatch {
  readonly kind: "finished";
  readonly document: MatchDocument;
  readonly metadata: JsonValue | undefined;
  readonly initialState: JsonValue | undefined;
  readonly log: readonly JsonValue[];
}

type FoundMatch = LiveMatch | FinishedMatch | { readonly kind: "none" };

/** Finds matches and changes them, as games of a manager. Everything it does may be done again. */
export class Matches {
  readonly #manager: Manager;
  readonly #store: Store;
  /** Of matches whose id was used before. */
  readonly #generations = new Map<string, Generation>();

  constructor(manager: Manager, store: Store) {
    this.#manager = manager;
    this.#store = store;
  }

  /** The match of this id that was not wiped; one round trip to the cache if it is played. */
  async find(matchId: string): Promise<FoundMatch> {
    const first = this.#generations.get(matchId) ?? 0;
    for (let generation = first; ; ) {
      const gameId = gameIdOf("match", matchId, generation);
      const loaded = await this.#manager.loadState(gameId);
      if (loaded !== null) {
        this.#remember(matchId, generation);
        const { state: document, version, stale } = loaded;
        return { kind: "live", gameId, document, version, stale };
      }
      const next = await this.#whereNext(matchId, generation);
      if (next === "finished") return this.#readFinished(matchId, generation);
      if (next === "nowhere") return { kind: "none" };
      generation = next;
    }
  }

  /**
   * Creates the match, unless it is there. A match that is there keeps what it has, and gains what it lacks.
   * @param changes the first state and the metadata
   */
  async create(matchId: string, changes: readonly Change[], writeId: string): Promise<void> {
    const { state: whole } = applyChanges(this.#empty("match", matchId, 0), changes);
    await this.#inGeneration(matchId, changes, async (generation) => {
      // A tombstone does not stay for ever: then the match may go on under a later generation.
      const next = await this.#whereNext(matchId, generation);
      if (typeof next === "number" && next !== generation) return next;
      if (next === "finished") return "done";
      const empty = this.#empty("match", matchId, generation);
      // A game cannot begin with its end.
      const begun = matchGame.resultOf(whole) === null ? { ...whole, id: empty.id } : empty;
      const { state } = await this.#createGame(begun, labelsOf(matchId, whole.metadata));
      if (state.state === undefined || state.metadata === undefined) await this.#update(empty.id, changes, writeId);
      return "done";
    });
  }

  /** Changes the match. One that never was begins with these changes. Those to a match that was wiped are dropped. */
  async change(matchId: string, changes: readonly Change[], writeId: string): Promise<void> {
    await this.#inGeneration(matchId, changes, async (generation) => {
      const gameId = gameIdOf("match", matchId, generation);
      try {
        await this.#update(gameId, changes, writeId);
        return "done";
      } catch (error) {
        if (!isTurnkeepError(error, "GameNotFound")) throw error;
      }
      const next = await this.#whereNext(matchId, generation);
      if (typeof next === "number" && next !== generation) return next;
      const { state: whole } = applyChanges(this.#empty("match", matchId, generation), changes);
      await this.#createGame(this.#empty("match", matchId, generation), labelsOf(matchId, whole.metadata));
      return generation;
    });
  }

  /** Removes the match for good, in play or in history. Twice is once. */
  async wipe(matchId: string): Promise<void> {
    const found = await this.find(matchId);
    if (found.kind === "none") return;
    const generation = this.#generations.get(matchId) ?? 0;
    // A repeat after a failure finds the match, and what goes on beside it only through the match: so that goes first.
    for (const kind of ["afterwards", "match"] as const) {
      const gameId = gameIdOf(kind, matchId, generation);
      const status = await this.#store.status(gameId);
      if (status !== "missing" && status !== "deleted") await this.#manager.deleteGame(gameId, { history: true });
    }
  }

  /** The state that the match began with; `undefined` if it began without. */
  async initialState(gameId: string): Promise<JsonValue | undefined> {
    return (await this.#manager.getInitialState(gameId))?.state;
  }

  /** The log up to this state of the match. */
  async log({ gameId, document }: LiveMatch): Promise<readonly JsonValue[]> {
    const { logCount } = document;
    return logCount === 0 ? [] : (await this.#manager.getLog(gameId)).slice(0, logCount);
  }

  /** Tries one generation after another, until one takes the changes, or they belong to none. */
  async #inGeneration(
    matchId: string,
    changes: readonly Change[],
    attempt: (generation: Generation) => Promise<Generation | "done">,
  ): Promise<void> {
    for (let generation = this.#generations.get(matchId) ?? 0; ; ) {
      try {
        const next = await attempt(generation);
        if (next === "done") return this.#remember(matchId, generation);
        generation = next;
      } catch (error) {
        const isOver = isTurnkeepError(error, "GameEnded");
        if (!isOver && !isTurnkeepError(error, "GameGone")) throw error;
        if (isOver) return this.#changeAfterwards(matchId, generation, changes);
        const isThere = (await this.find(matchId)).kind !== "none";
        const current = this.#generations.get(matchId) ?? 0;
        if (isThere && current > generation) generation = current;
        else if (changes.every(canBegin)) generation += 1;
        else return;
      }
    }
  }

  /** History does not change, so the metadata of a finished match goes on in a game beside it. */
  async #changeAfterwards(matchId: string, generation: Generation, changes: readonly Change[]): Promise<void> {
    const metadata = changes.filter(({ kind, onlyFirst }) => kind === "metadata" && !onlyFirst);
    if (metadata.length === 0) return;
    const empty = this.#empty("afterwards", matchId, generation);
    try {
      await this.#update(empty.id, metadata);
    } catch (error) {
      if (!isTurnkeepError(error, "GameNotFound")) {
        // It has lain idle for so long that it was put into history too: then it changes no more.
        if (isTurnkeepError(error, "GameEnded") || isTurnkeepError(error, "GameGone")) return;
        throw error;
      }
      const finished = await this.#readFinished(matchId, generation);
      const begun = finished.metadata === undefined ? empty : { ...empty, metadata: finished.metadata };
      await this.#manager.createGame(begun, { gameType: "afterwards", playerIds: [] });
      await this.#update(empty.id, metadata);
    }
  }

  async #readFinished(matchId: string, generation: Generation): Promise<FinishedMatch> {
    const gameId = gameIdOf("match", matchId, generation);
    const replay = await this.#manager.getReplayStates(gameId);
    const document = replay?.finalState ?? this.#empty("match", matchId, generation);
    this.#remember(matchId, generation);
    return {
      kind: "finished",
      document,
      metadata: (await this.#readAfterwards(matchId, generation))?.metadata ?? document.metadata,
      initialState: replay?.initialState?.state,
      log: replay?.log ?? [],
    };
  }

  async #readAfterwards(matchId: string, generation: Generation): Promise<MatchDocument | null> {
    const gameId = gameIdOf("afterwards", matchId, generation);
    const live = await this.#manager.loadState(gameId);
    return live?.state ?? (await this.#manager.getReplayStates(gameId))?.finalState ?? null;
  }

  /** Where to look, and to create, if this generation of a match is not being played. */
  async #whereNext(matchId: string, generation: Generation): Promise<Generation | "finished" | "nowhere"> {
    switch (await this.#store.status(gameIdOf("match", matchId, generation))) {
      case "archived":
        return "finished";
      case "deleted":
        return generation + 1;
      case "missing":
        return (await this.#laterGeneration(matchId, generation)) ?? "nowhere";
      default:
        return generation;
    }
  }

  /** The newest one that is in a list: tombstones of earlier ones may be purged by now. */
  async #laterGeneration(matchId: string, than: Generation): Promise<Generation | null> {
    const label = labels.match(matchId);
    const [active] = (await this.#store.listActive(label, { limit: 1 })).items;
    const newest = active ?? (await this.#store.listHistory(label, { limit: 1 })).items[0];
    const generation = newest === undefined ? null : generationOf(matchId, newest.gameId);
    return generation !== null && generation > than ? generation : null;
  }

  #remember(matchId: string, generation: Generation): void {
    if (generation === 0) this.#generations.delete(matchId);
    else this.#generations.set(matchId, generation);
  }

  #empty(kind: Kind, matchId: string, generation: Generation): MatchDocument {
    return { schemaVersion: 1, id: gameIdOf(kind, matchId, generation), kind, matchId, logCount: 0 };
  }

  async #createGame(document: MatchDocument, playerIds: readonly string[]) {
    return this.#manager.createGame(document, { gameType: "match", playerIds });
  }

  async #update(gameId: string, changes: readonly Change[], writeId?: string): Promise<void> {
    await this.#manager.update(
      gameId,
      (document) => {
        const applied = applyChanges(document, changes);
        return applied.state === document ? document : applied;
      },
      { writeId, durability: changes.some(isSeating) ? "durable" : undefined },
    );
  }
}

/** A bound on a search; each is a match of the same id that was wiped. */
const mostGenerations = 10_000;

function generationOf(matchId: string, gameId: string): Generation | null {
  for (let generation = 0; generation < mostGenerations; generation++) {
    if (gameIdOf("match", matchId, generation) === gameId) return generation;
  }
  return null;
}

/**
 * Whether a change may begin a match anew where one was wiped: a creation, and a first state. A move that was under way,
 * and metadata that was read before, are the wiped match's.
 */
function canBegin(change: Change): boolean {
  if (change.kind === "metadata") return change.base === null;
  return change.onlyFirst || (stateId(change.state) ?? 0) === 0;
}

/** Who sits where is as safe as a turn: a player whose seat is lost could not come back. */
function isSeating(change: Change): boolean {
  return change.kind === "metadata" && (change.base === null || changesSeats(change.base, change.metadata));
}
