import type { Deployment } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { singleTag } from "../keys.js";
import { backlogOf } from "./backlog.js";

/**
 * Every call from now on is this deployment's. On a Cluster all parts that hold games are looked at before one becomes
 * its own, so that a part that was lost is not taken over beside others that were not. On one Redis any script asks whose
 * keys these are (scripts/include/deployment.lua); the cheapest is run.
 */
export async function belongTo(context: Context, deployment: Deployment): Promise<void> {
  context.caller.deployment = deployment;
  await context.dirtyParts?.filled();
  await backlogOf(context, singleTag);
}
