import type { Statement } from "../statement.js";

/** Sets a live or ended row aside, with the reason and the bytes that could not be read. $1 id · $2 reason · $3 bytes */
export const quarantineGame: Statement<{ id: string }> = {
  name: "quarantine-game",
  writes: true,
  sql: (t) => `
    UPDATE ${t.games} SET status = 'quarantined', quarantine_reason = $2::text, quarantined = $3::bytea
    WHERE id = $1::uuid AND status IN ('live', 'ended')
    RETURNING id`,
};
