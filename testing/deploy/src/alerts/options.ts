import { optionLines, readOptions, whole } from "@turnkeep/match-kit";
import * as z from "zod";
import { alertFaults } from "./faults.js";

const optionsSchema = z.strictObject({
  only: z
    .string()
    .default("")
    .refine((text) => text.split(",").every((name) => name === "" || alertFaults.some(({ alert }) => alert === name)), {
      error: `name alerts, separated by commas: ${alertFaults.map(({ alert }) => alert).join(", ")}`,
    })
    .describe("these alerts alone, separated by commas"),
  minutes: whole(0, 1_440).default(10).describe("minutes of play in which no alert may fire; 0: none"),
  matches: whole(1, 100).default(2).describe("matches at once"),
  timeout: whole(1, 86_400).default(7_200).describe("seconds after which it gives up"),
  json: z.boolean().default(false).describe("print the result as JSON"),
  verbose: z.boolean().default(false).describe("show what the servers and the daemon log"),
  help: z.boolean().default(false).describe("show this help"),
});

export type Options = z.infer<typeof optionsSchema>;

/** @throws Error that says which option is not sound */
export const readAlertOptions = (rawArgs: readonly string[]): Options => readOptions(optionsSchema, rawArgs);

export function helpText(): string {
  return [
    "Proves the alerts of deploy/prometheus: each fault raises its alert within a minute, and no other; healthy play",
    "raises none. Servers, daemon, Postgres, Redis and Prometheus are its own, in temporary folders.",
    "",
    ...optionLines(optionsSchema),
    "",
    "Exit status: 0 all as it should be, 1 not, 2 called in a wrong way.",
    "",
  ].join("\n");
}
