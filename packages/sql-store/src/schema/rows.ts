import { type GameType, type Outcome, toVersion, type Version } from "@turnkeep/core";
import type { ActiveGame, ActiveGameSummary, GameCopy, GameHistoryRecord } from "@turnkeep/core/ports";

/** What changes with every write, without state and write ids, as {@link progressColumns} selects it. */
interface ProgressRow {
  readonly id: string;
  readonly status: "live" | "ended";
  readonly lineage: string;
  readonly revision: string;
  readonly fence: string;
  readonly turn_number: number;
  readonly schema_version: number;
  readonly due_at: string | null;
  readonly log_count: string;
  /** JSON text. */
  readonly outcome: string | null;
  readonly last_action_ms: string;
}

/** A live or ended game's row without state, as {@link summaryColumns} selects it. */
export interface SummaryRow extends ProgressRow {
  readonly game_type: GameType;
  readonly players: string;
  readonly npc_id: string | null;
  readonly rules_version: number;
  readonly started_ms: string;
}

/** The whole row, as {@link gameColumns} selects it. */
export interface GameRow extends SummaryRow {
  readonly state: string;
  readonly rules: string;
  readonly write_ids: string;
  readonly metadata: string | null;
  readonly metadata_version: string;
}

/** A history row without its replay, as {@link historyColumns} selects it. */
export interface HistoryRow {
  readonly game_id: string;
  readonly game_type: GameType;
  readonly players: string;
  readonly npc_id: string | null;
  /** JSON text. */
  readonly outcome: string;
  readonly rules_version: number;
  readonly turn_count: number;
  readonly duration_seconds: string;
  readonly incomplete: boolean;
  readonly played_ms: string;
  readonly ended_ms: string;
}

export const milliseconds = (time: string) => `floor(extract(epoch FROM ${time}) * 1000)::bigint`;

/** @param g the table's alias */
const progressColumns = (g: string) => `
  ${g}.id, ${g}.status, ${g}.lineage, ${g}.revision, ${g}.fence, ${g}.turn_number, ${g}.schema_version, ${g}.due_at,
  ${g}.log_count, ${g}.outcome::text AS outcome, ${milliseconds(`${g}.last_action_at`)} AS last_action_ms`;

export const summaryColumns = (g: string) => `${progressColumns(g)},
  ${g}.game_type, array_to_json(${g}.player_ids)::text AS players, ${g}.npc_id, ${g}.rules_version,
  ${milliseconds(`${g}.started_at`)} AS started_ms`;

export const gameColumns = (g: string) => `${summaryColumns(g)}, ${g}.state, ${g}.rules::text AS rules, ${g}.write_ids,
  ${g}.metadata, ${g}.metadata_version`;

export const historyColumns = (h: string) => `
  ${h}.game_id, ${h}.game_type, array_to_json(${h}.player_ids)::text AS players, ${h}.npc_id,
  ${h}.outcome::text AS outcome, ${h}.rules_version, ${h}.turn_count, ${h}.duration_seconds, ${h}.incomplete,
  ${milliseconds(`${h}.played_at`)} AS played_ms, ${milliseconds(`${h}.ended_at`)} AS ended_ms`;

/** A time as text that keeps its microseconds, for cursors. */
export const cursorTime = (time: string) => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const playersOf = (players: string) => Object.freeze(JSON.parse(players) as string[]);

export const versionOf = (row: { lineage: string; revision: string }): Version => toVersion(row.lineage, row.revision);

export const outcomeOf = (outcome: string) => JSON.parse(outcome) as Outcome;

function toProgress(row: ProgressRow): Omit<GameCopy, "state" | "writeIds"> {
  return {
    gameId: row.id,
    status: row.status,
    version: versionOf(row),
    fence: row.fence,
    schemaVersion: row.schema_version,
    turnNumber: row.turn_number,
    dueAt: row.due_at === null ? null : Number(row.due_at),
    logCount: Number(row.log_count),
    outcome: row.outcome === null ? null : outcomeOf(row.outcome),
    lastActionAt: Number(row.last_action_ms),
  };
}

export function toSummary(row: SummaryRow): ActiveGameSummary {
  return {
    ...toProgress(row),
    gameType: row.game_type,
    playerIds: playersOf(row.players),
    npcId: row.npc_id,
    rulesVersion: row.rules_version,
    startedAt: Number(row.started_ms),
  };
}

/** In one go and not by the parts above: a recovery makes very many. */
export function toActiveGame(row: GameRow): ActiveGame {
  return {
    gameId: row.id,
    status: row.status,
    version: versionOf(row),
    fence: row.fence,
    schemaVersion: row.schema_version,
    turnNumber: row.turn_number,
    dueAt: row.due_at === null ? null : Number(row.due_at),
    logCount: Number(row.log_count),
    outcome: row.outcome === null ? null : outcomeOf(row.outcome),
    lastActionAt: Number(row.last_action_ms),
    gameType: row.game_type,
    playerIds: playersOf(row.players),
    npcId: row.npc_id,
    rulesVersion: row.rules_version,
    startedAt: Number(row.started_ms),
    state: row.state,
    rules: row.rules,
    writeIds: row.write_ids,
    metadata: row.metadata,
    metadataVersion: row.metadata_version,
  };
}

export function toHistoryRecord(row: HistoryRow): GameHistoryRecord {
  return {
    gameId: row.game_id,
    gameType: row.game_type,
    playerIds: playersOf(row.players),
    npcId: row.npc_id,
    outcome: outcomeOf(row.outcome),
    rulesVersion: row.rules_version,
    turnCount: row.turn_count,
    durationSeconds: Number(row.duration_seconds),
    incomplete: row.incomplete,
    playedAt: Number(row.played_ms),
    endedAt: Number(row.ended_ms),
  };
}
