import type { Connection } from "./connection.js";
import type { ScriptName } from "./generated/scripts.js";
import { runScript } from "./run-script.js";

/** Runs scripts of this package on one connection. */
export type RunScript = (
  name: ScriptName,
  keys: readonly string[],
  args: readonly (string | number)[],
  signal?: AbortSignal,
) => Promise<unknown>;

export function scriptsOn(connection: Connection): RunScript {
  return (name, keys, args, signal) => connection.call((client) => runScript(client, name, keys, args), signal);
}
