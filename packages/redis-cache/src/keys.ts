import { assertGameId, type GameId, isCanonicalUuid } from "@turnkeep/core";
import calculateSlot from "cluster-key-slot";
import { tagOfSlot } from "./cluster/slot-tags.js";

/** All keys of one game; on a Cluster they share one slot. */
export interface GameKeys {
  readonly state: string;
  readonly header: string;
  readonly tail: string;
  readonly channel: string;
  readonly index: string;
  readonly deployment: string;
}

/** The tag of the one index on a Redis that is not a Cluster. */
export const singleTag = "0";

/** Builds and reads the names of keys; the one place that knows them. */
export class Keyring {
  readonly prefix: string;
  readonly #isCluster: boolean;

  constructor(prefix: string, isCluster: boolean) {
    this.prefix = prefix;
    this.#isCluster = isCluster;
  }

  /** @throws InvalidGameId */
  of(gameId: GameId): GameKeys {
    const state = `${this.prefix}game:${assertGameId(gameId)}`;
    const tag = this.#isCluster ? tagOfSlot(calculateSlot(state)) : singleTag;
    return {
      state,
      header: `{${state}}:m`,
      tail: `{${state}}:l`,
      channel: `{${state}}:w`,
      index: this.index(tag),
      deployment: this.deployment(tag),
    };
  }

  index(tag: string): string {
    return `${this.prefix}dirty:{${tag}}`;
  }

  /** Holds whose keys those of this tag are. */
  deployment(tag: string): string {
    return `${this.prefix}deployment:{${tag}}`;
  }

  /** Names what the server holds that this tag lies on; users with a right to the deployment's keys have it as well. */
  identity(tag: string): string {
    return `${this.deployment(tag)}:identity`;
  }

  /** The tag in the name of an index. */
  tagOf(index: string): string {
    return index.slice(this.index("").length - 1, -1);
  }

  /** Glob patterns that all keys of a kind match, and more may. */
  get patterns(): GameKeys {
    const prefix = this.prefix.replace(/[\\*?[\]]/g, "\\$&");
    const state = `${prefix}game:*`;
    const beside = `{${state}}:*`;
    const [index, deployment] = [`${prefix}dirty:*`, `${prefix}deployment:*`];
    return { state, header: beside, tail: beside, channel: `{${state}}:w`, index, deployment };
  }

  /** The game of a state key; `null` for other keys. */
  gameIdOf(key: string): GameId | null {
    const start = `${this.prefix}game:`;
    const id = key.slice(start.length);
    return key.startsWith(start) && isCanonicalUuid(id) ? id : null;
  }
}
