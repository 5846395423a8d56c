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

/** @throws Error that names what is wrong, without values */
export function readBotsConfig(environment: Readonly<Record<string, string | undefined>> = process.env): BotsConfig {
  const parsed = settings.safeParse({
    serverUrl: environment.SERVER_URL || undefined,
    dataDir: environment.DATA_DIR || undefined,
    actionPauseMs: environment.BOTS_ACTION_PAUSE_MS || undefined,
    matchPauseMs: environment.BOTS_MATCH_PAUSE_MS || undefined,
  });
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
}
