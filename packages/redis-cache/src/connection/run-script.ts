import { type Deployment, keepsAnotherDeployment } from "@turnkeep/core/ports";
import { type ScriptName, scripts } from "../generated/scripts.js";
import type { RedisClient } from "./client.js";
import { PackedCommand } from "./packed-command.js";

export type ScriptArguments = readonly (string | number | Buffer)[];

/** What one call of a script takes. */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: ScriptArguments;
}

/** What a script answers: a list of texts, nils and lists. */
export type Reply = readonly unknown[];

export function asReply(value: unknown): Reply {
  if (Array.isArray(value)) return value;
  throw new TypeError("a script answered with something other than a list");
}

/** Whose calls a cache makes; empty until it is known. */
export interface Caller {
  deployment: Deployment | "";
}

/** The reply, unless the keys are another deployment's, so that nothing was done. @throws Misconfigured */
export function unlessForeign(reply: Reply, { deployment }: Caller): Reply {
  if (reply[0] === "FOREIGN") throw keepsAnotherDeployment(String(reply[1]), deployment);
  return reply;
}

/** The reply of one call of a script. */
export type RunScript = (client: RedisClient, name: ScriptName, call: ScriptCall) => Promise<Reply>;

export const runScript: RunScript = (client, name, { keys, args }) =>
  runByHash(name, (command, script) => client[command](script, keys.length, ...keys, ...args));

/** The same for a call that brings many texts, all of them strings or numbers. */
export const runPacked: RunScript = (client, name, { keys, args }) =>
  runByHash(name, (command, script) => {
    const packed = new PackedCommand(command, [script, keys.length, ...keys, ...args].map(String), 2);
    client.sendCommand(packed);
    return packed.promise;
  });

/**
 * Runs a script by its hash, and with its text where this Redis does not know it (yet, or after SCRIPT FLUSH). The hash
 * is the name: two versions of this package share a Redis without conflict.
 */
async function runByHash(
  name: ScriptName,
  send: (command: "evalsha" | "eval", script: string) => Promise<unknown>,
): Promise<Reply> {
  const { sha, lua } = scripts[name];
  try {
    return asReply(await send("evalsha", sha));
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return asReply(await send("eval", lua));
  }
}

const isUnknownScript = (error: unknown) => error instanceof Error && error.message.startsWith("NOSCRIPT");

/** Loads every script of this package, so that even a first call is one round trip. */
export async function loadScripts(node: RedisClient): Promise<void> {
  await Promise.all(Object.values(scripts).map(({ lua }) => node.script("LOAD", lua)));
}
