import type { Statement } from "../statement.js";

/** A fence for a row whose lock is held, above the one it has. $1 the row's fence */
export const drawFence: Statement<{ fence: string }> = {
  name: "draw-fence",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `SELECT greatest(${t.nextFence}, $1::bigint + 1) AS fence`,
};
