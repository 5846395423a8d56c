import type { Statement } from "../statement.js";

/** What start() needs to know of the server. */
export const checkServer: Statement<{ version: number; encoding: string; replica: boolean }> = {
  name: "check-server",
  writes: false,
  sql: () => `
    SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding,
      pg_is_in_recovery() AS replica`,
};
