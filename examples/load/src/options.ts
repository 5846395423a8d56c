import { randomInt } from "node:crypto";
import { optionLines, readOptions, whole } from "@turnkeep/match-kit";
import * as z from "zod";

const optionsSchema = z.strictObject({
  matches: whole(1, 20_000).default(500).describe("matches at once, each of two players on different servers"),
  servers: whole(1, 16).default(2).describe("game servers"),
  clients: whole(1, 16).default(2).describe("processes that the players are in"),
  seconds: whole(1, 3_600).default(30).describe("how long is measured, once all matches are under way"),
  "ramp-seconds": whole(0, 600).default(15).describe("over how long the matches begin"),
  "think-ms": whole(0, 60_000).default(2_000).describe("what a player thinks about an action, on average"),
  seed: whole(0, 2 ** 32 - 1)
    .default(() => randomInt(2 ** 32))
    .describe("chooses the pauses; default: a random one, which is printed"),
  "p99-ms": whole(0, 60_000).default(0).describe("fail if the 99th percentile of an action is above; 0: no bound"),
  timeout: whole(1, 7_200).default(900).describe("seconds after which the test gives up"),
  json: z.boolean().default(false).describe("print the result as JSON"),
  verbose: z.boolean().default(false).describe("show what the servers and the daemon log"),
  help: z.boolean().default(false).describe("show this help"),
});

export type Options = z.infer<typeof optionsSchema>;

/** @throws Error that says which option is not sound */
export const readLoadOptions = (rawArgs: readonly string[]): Options => readOptions(optionsSchema, rawArgs);

export function helpText(): string {
  return [
    "Plays many matches at once over the WebSockets of several real servers, measures how long actions take, then",
    "checks from Redis, Postgres and the replays that every acknowledged action is there, once.",
    "",
    ...optionLines(optionsSchema, ["seed"]),
    "",
    "With DATABASE_URL and REDIS_URL set, those servers are used, in a schema and under a key prefix of the test's",
    "own that are removed afterwards; else a Postgres and a Redis of its own, in temporary folders.",
    "Exit status: 0 all true, 1 something is not, 2 called in a wrong way.",
    "",
  ].join("\n");
}
