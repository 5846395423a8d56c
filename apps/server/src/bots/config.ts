import { type Environment, givenSettings } from "@turnkeep/service-kit";
import * as z from "zod";

const settings = z
  .object({
    serverUrl: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:3000"),
    dataDir: z.string().min(1).default(".data"),
    actionPauseMs: z.coerce.number().int().min(0).max(60_000).default(700),
    matchPauseMs: z.coerce.number().int().min(0).max(600_000).default(5_000),
  })
  .readonly();

/** Where the bots play, where they keep their tokens, and how fast they are. */
export type BotsConfig = z.infer<typeof settings>;

/** The pauses are named for the bots, since the environment is shared with the server. */
const variables: Readonly<Record<keyof BotsConfig, string>> = {
  serverUrl: "SERVER_URL",
  dataDir: "DATA_DIR",
  actionPauseMs: "BOTS_ACTION_PAUSE_MS",
  matchPauseMs: "BOTS_MATCH_PAUSE_MS",
};

/** @throws Error that names what is wrong, without values */
export function readBotsConfig(environment: Environment = process.env): BotsConfig {
  const given = givenSettings(variables, environment);
  const parsed = settings.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
}
