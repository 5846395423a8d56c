import type { Statement } from "../statement.js";

/** Which of these games are archived (also where only history is left) or deleted. $1 ids */
export const listGone: Statement<{ id: string }> = {
  name: "list-gone",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games} WHERE id = ANY ($1::uuid[]) AND status IN ('archived', 'deleted')
    UNION
    SELECT game_id FROM ${t.history} WHERE game_id = ANY ($1::uuid[])`,
};
