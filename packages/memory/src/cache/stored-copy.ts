import { compareDecimals, toVersion, type Version } from "@turnkeep/core";
import type { ActiveGame, EntryText, GameCopy, GameMetadata, GameOrigin, UnflushedCopy } from "@turnkeep/core/ports";

/** All that a cache keeps of one game. Copies are replaced, never changed, so a snapshot is a list of references. */
export interface StoredCopy extends Omit<GameCopy, "version">, GameMetadata {
  readonly lineage: string;
  readonly revision: string;
  /** The row's version that this lineage grew from. */
  readonly base: Version;
  /** What its row says beside it; `null` only where a test takes it away, as damage would. */
  readonly origin: GameOrigin | null;
  readonly rulesVersion: number;
  /** The history of the space in which this copy was installed. */
  readonly epoch: string;
  /** The log entries that the store may lack, newest last. */
  readonly tail: readonly EntryText[];
  /** When a clean copy leaves, by the space's clock; `null` while it is dirty. */
  readonly expiresAt: number | null;
}

/** A load that has begun: the one that may install. */
export interface PendingLoad {
  readonly token: string;
  /** The history that it began under. */
  readonly epoch: string;
  /** When it is too late; `null` while there is an unverified copy beside it. */
  readonly expiresAt: number | null;
}

export const isDirty = (copy: StoredCopy): boolean => copy.expiresAt === null;

export const versionOf = (copy: Pick<StoredCopy, "lineage" | "revision">): Version =>
  toVersion(copy.lineage, copy.revision);

export function originOf({ gameType, playerIds, npcId, rules, rulesVersion, startedAt }: GameOrigin): GameOrigin {
  return { gameType, playerIds, npcId, rules, rulesVersion, startedAt };
}

/** The row's metadata, or that of a copy which has newer, as after a restore of the store. */
export function newestMetadata(row: GameMetadata, held: GameMetadata | undefined): GameMetadata {
  const isOlder = held !== undefined && compareDecimals(held.metadataVersion, row.metadataVersion) > 0;
  const { metadata, metadataVersion } = isOlder ? held : row;
  return { metadata, metadataVersion };
}

/** A freshly fenced row as it becomes the served copy: clean, with the fence as its lineage and nothing in its tail. */
export function copyOf(row: ActiveGame, revision: string, epoch: string, expiresAt: number): StoredCopy {
  return {
    gameId: row.gameId,
    status: row.status,
    lineage: row.fence,
    revision,
    fence: row.fence,
    base: row.version,
    origin: originOf(row),
    rulesVersion: row.rulesVersion,
    metadata: row.metadata,
    metadataVersion: row.metadataVersion,
    epoch,
    state: row.state,
    schemaVersion: row.schemaVersion,
    turnNumber: row.turnNumber,
    dueAt: row.dueAt,
    logCount: row.logCount,
    tail: [],
    writeIds: row.writeIds,
    outcome: row.outcome,
    lastActionAt: Math.floor(row.lastActionAt),
    expiresAt,
  };
}

/** The copy as the flusher takes it. */
export function toUnflushed(copy: StoredCopy): UnflushedCopy {
  return {
    gameId: copy.gameId,
    status: copy.status,
    version: versionOf(copy),
    fence: copy.fence,
    base: copy.base,
    origin: copy.origin,
    state: copy.state,
    schemaVersion: copy.schemaVersion,
    turnNumber: copy.turnNumber,
    dueAt: copy.dueAt,
    logCount: copy.logCount,
    writeIds: copy.writeIds,
    outcome: copy.outcome,
    lastActionAt: copy.lastActionAt,
    entries: [...copy.tail],
  };
}
