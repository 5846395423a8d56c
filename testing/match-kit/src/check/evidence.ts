import type { JsonValue } from "@turnkeep/core";
import type { Operation } from "./operation.js";

/** A row of the history, as it lies in Postgres; texts have the very bytes of the stored document. */
export interface HistoryRow {
  readonly gameId: string;
  readonly incomplete: boolean;
  readonly initialState: string;
  readonly log: readonly JsonValue[];
  readonly finalState: string;
}

/** What the stores hold when all is over. */
export interface StoredEvidence {
  readonly history: readonly HistoryRow[];
  /** Ids of games that are still live or ended, not archived. */
  readonly activeRows: readonly string[];
  /** Log rows that no archive took away. */
  readonly logRows: number;
  /** Every key that belongs to a game or is an index of unflushed games. */
  readonly redisKeys: readonly string[];
  /** Games in the index of unflushed games. */
  readonly dirtyGames: number;
}

/** All that the checker looks at. */
export interface Evidence extends StoredEvidence {
  readonly operations: readonly Operation[];
  /** Games that the clients saw end. */
  readonly endedGames: readonly string[];
  /** Server and daemon ended by themselves when they were asked to. */
  readonly endedInOrder: boolean;
  readonly kills: number;
  readonly wantedKills: number;
}
