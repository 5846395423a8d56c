import { randomInt } from "node:crypto";
import { optionLines, readOptions, whole } from "@turnkeep/match-kit";
import * as z from "zod";

const optionsSchema = z.strictObject({
  matches: whole(1, 1_000).default(20).describe("matches at once"),
  kills: whole(0, 1_000).default(5).describe("how often the server is killed"),
  seed: whole(0, 2 ** 32 - 1)
    .default(() => randomInt(2 ** 32))
    .describe("chooses moves and moments of the kills; default: a random one, which is printed"),
  timeout: whole(1, 3_600).default(300).describe("seconds after which the demo gives up"),
  json: z.boolean().default(false).describe("print the result as JSON"),
  verbose: z.boolean().default(false).describe("show what the server and the daemon log"),
  help: z.boolean().default(false).describe("show this help"),
});

export type Options = z.infer<typeof optionsSchema>;

/** @throws Error that says which option is not sound */
export const readDemoOptions = (rawArgs: readonly string[]): Options => readOptions(optionsSchema, rawArgs);

export function helpText(): string {
  return [
    "Plays matches between clients of a real server, kills the server again and again, then checks from Redis,",
    "Postgres and the replays that nothing was lost and nothing was applied twice.",
    "",
    ...optionLines(optionsSchema, ["seed"]),
    "",
    "With DATABASE_URL and REDIS_URL set, those servers are used, in a schema and under a key prefix of the demo's",
    "own that are removed afterwards; else a Postgres and a Redis of its own, in temporary folders.",
    "Exit status: 0 all true, 1 something is not, 2 called in a wrong way.",
    "",
  ].join("\n");
}
