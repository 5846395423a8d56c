import type { Statement } from "../statement.js";

/** Gives a lease back, if the holder has it. $1 name · $2 holder */
export const releaseLease: Statement = {
  name: "release-lease",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `DELETE FROM ${t.leases} WHERE name = $1::text AND holder = $2::text`,
};
