import { type ScriptName, scripts } from "./generated/scripts.js";
import type { RedisClient } from "./options.js";

/**
 * Runs a script by its hash, and with its text where this Redis does not know it (yet, or after SCRIPT FLUSH). The hash
 * is the name: two versions of this package share a client without meeting.
 */
export async function runScript(
  client: RedisClient,
  name: ScriptName,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const { sha, lua } = scripts[name];
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return await client.eval(lua, keys.length, ...keys, ...args);
  }
}
