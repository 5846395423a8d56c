import { TurnkeepError } from "../errors.js";

/**
 * Whose games a store and a cache keep, as text: the id of the store's schema, a slash, and the name of its one game.
 * No two schemas share an id, also where one is a copy of the other.
 */
export type Deployment = string;

export function deploymentOf(schemaId: string, game: string): Deployment {
  return `${schemaId}/${game}`;
}

/** The schema keeps one game, and a process came with another. */
export function keepsAnotherGame(schema: string, kept: string, game: string): TurnkeepError<"Misconfigured"> {
  const what = `the schema "${schema}" of the store keeps games of "${kept}", and this process serves "${game}"`;
  return new TurnkeepError("Misconfigured", `${what}: give it a schema of its own`, {});
}

/** The cache's keys belong to one deployment, and a process of another came to them. */
export function keepsAnotherDeployment(owner: Deployment, asking: Deployment): TurnkeepError<"Misconfigured"> {
  const what = `two deployments share one cache and key prefix: its keys belong to ${owner}, and this process to ${asking}`;
  return new TurnkeepError(
    "Misconfigured",
    `${what}: give each a Redis or a key prefix of its own, or, if the store was moved, delete the key "deployment:{…}"`,
    {},
  );
}
