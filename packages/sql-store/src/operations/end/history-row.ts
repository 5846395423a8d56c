import { documentOf, type IncompleteArchiveRequest } from "@turnkeep/core/ports";
import { invalidInput } from "../../errors.js";
import { historyColumns } from "../../schema/rows.js";
import type { Tables } from "../../schema/tables.js";

/**
 * Parts of a WITH: `archived` inserts what the query gives into history, unless the game is there already, and `players`
 * its players into their index. The query gives, in this order: game id, game type, player ids, NPC, outcome, turns,
 * seconds played, incomplete, replay, played at, ended at, version of the rules, metadata.
 */
export function intoHistory(t: Tables, query: string): string {
  return `
    archived AS (
      INSERT INTO ${t.history} (
        game_id, game_type, player_ids, npc_id, outcome, turn_count, duration_seconds,
        incomplete, replay_data, played_at, ended_at, rules_version, metadata)
      ${query}
      ON CONFLICT (game_id) DO NOTHING
      RETURNING game_id, game_type, player_ids, npc_id, outcome, rules_version, turn_count, duration_seconds, incomplete,
        played_at, ended_at
    ), players AS (
      INSERT INTO ${t.historyPlayers} (player_id, ended_at, game_id)
      SELECT DISTINCT player_id, ended_at, game_id FROM archived, unnest(player_ids) AS p (player_id)
    )`;
}

/** The same as a whole statement, which returns the record that was inserted, if any. */
export function insertHistory(t: Tables, query: string): string {
  return `WITH ${intoHistory(t, query)} SELECT ${historyColumns("h")} FROM archived h`;
}

const ownMembers = ["initialState", "log", "rules", "finalState"];

/**
 * An archiver's own fields as text that continues a JSON object: `""`, or `,"a":1` with their very bytes.
 * @throws InvalidInput unless they are a JSON object that leaves the replay's own names alone
 */
export function extraMembers(extraReplay: string | undefined): string {
  if (extraReplay === undefined) return "";
  const document = documentOf(extraReplay);
  if (document === null) throw invalidInput("the replay's extra fields are a JSON object", "extraReplay");
  const names = Object.keys(document);
  const taken = names.find((name) => ownMembers.includes(name));
  if (taken !== undefined) throw invalidInput(`the replay has a field ${taken} of its own`, "extraReplay");
  return names.length === 0 ? "" : `,${extraReplay.trim().slice(1, -1)}`;
}

/** The replay of a game of which only what the caller gives is known. */
export function incompleteReplay({ state, rules, extraReplay }: IncompleteArchiveRequest): string {
  const members = `"initialState":null,"log":[],"rules":${rules},"finalState":${state ?? "null"}`;
  return `{${members}${extraMembers(extraReplay)}}`;
}
