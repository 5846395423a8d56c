import { type Fence, parseVersion, TurnkeepError } from "@turnkeep/core";
import type { CopyWithOrigin, QuarantinedGame, StoredReplay } from "@turnkeep/core/ports";
import * as z from "zod";

/** The format of the lines; it changes when an older version could not read a newer file. */
const format = 1;

const version = z.string().transform((text, context) => {
  try {
    return parseVersion(text);
  } catch {
    context.addIssue("expected a version");
    return z.NEVER;
  }
});
const outcome = z.looseObject({ endReason: z.string(), winnerIds: z.array(z.string()), winnerIsNpc: z.boolean() });
const facts = {
  gameType: z.string(),
  playerIds: z.array(z.string()),
  npcId: z.string().nullable(),
  rulesVersion: z.int(),
};
const count = z.int().min(0);

const header = z.strictObject({ kind: z.literal("header"), format: z.literal(format), game: z.string() });

const liveGame = z.strictObject({
  kind: z.literal("game"),
  metadata: z.string().nullable(),
  copy: z.strictObject({
    gameId: z.string(),
    status: z.enum(["live", "ended"]),
    version,
    fence: z.string().regex(/^\d+$/) as z.ZodType<Fence>,
    base: version,
    state: z.string(),
    schemaVersion: count,
    turnNumber: count,
    dueAt: count.nullable(),
    logCount: count,
    writeIds: z.string(),
    outcome: outcome.nullable(),
    lastActionAt: z.number(),
    origin: z.strictObject({ ...facts, rules: z.string(), startedAt: z.number() }),
    entries: z.array(z.string()),
  }),
});

const finishedGame = z.strictObject({
  kind: z.literal("history"),
  record: z.strictObject({
    gameId: z.string(),
    ...facts,
    outcome,
    turnCount: count,
    durationSeconds: count,
    incomplete: z.boolean(),
    playedAt: z.number(),
    endedAt: z.number(),
  }),
  replay: z.string(),
  metadata: z.string().nullable(),
});

const quarantinedGame = z.strictObject({
  kind: z.literal("quarantined"),
  gameId: z.string(),
  version,
  reason: z.string().nullable(),
  state: z.string().nullable(),
  kept: z.string(),
});

const line = z.discriminatedUnion("kind", [header, liveGame, finishedGame, quarantinedGame]);

/** One line of an export: the header first, then a game each. */
export type ExportLine =
  | { readonly kind: "header"; readonly format: typeof format; readonly game: string }
  /** The entries are those of the log, from the initial state on. */
  | { readonly kind: "game"; readonly copy: CopyWithOrigin; readonly metadata: string | null }
  | ({ readonly kind: "history" } & StoredReplay)
  /** `kept`: what could not be read or stored, in base64. */
  | ({ readonly kind: "quarantined"; readonly kept: string } & Pick<
      QuarantinedGame,
      "gameId" | "version" | "reason" | "state"
    >);

export const headerOf = (game: string): ExportLine => ({ kind: "header", format, game });

/** @throws InvalidInput that names the line, and quotes nothing of it */
export function readLine(text: string, number: number): ExportLine {
  const parsed = line.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data as ExportLine;
  const path = parsed.error.issues[0]?.path.join(".") ?? "";
  const where = path === "" ? "" : ` (${path})`;
  throw new TurnkeepError("InvalidInput", `line ${number} is no line of an export of this version${where}`, {
    issues: [`line ${number}`],
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
