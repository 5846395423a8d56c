import { type RulesConfig, rulesConfigSchema } from "@turnkeep/game-state";
import { settingsSchema } from "@turnkeep/manager";
import * as z from "zod";
import { describeIssue } from "../../protocol/describe-issue.js";
import { invalidInput } from "../refusals.js";

const { shape } = rulesConfigSchema;

const { serviceGapMs } = settingsSchema.parse({}).advanced;

/** Time without any server may count as the whole gap of the service clock; this much of a turn is left even then. */
const leftAfterGapMs = 3_000;

/** The shortest time for a turn that players may set. */
export const shortestTurnMs = serviceGapMs + leftAfterGapMs;

/**
 * Which rules players may set for a game of theirs, and how far. Decks are the server's, so what a deck has to be is
 * not among them; and no game may last for ever or become larger than what a server can show.
 */
export const ownRulesSchema = z
  .strictObject({
    benchSize: z.int().min(1).max(8),
    openingHandSize: z.int().min(3).max(10),
    prizeCount: z.int().min(1).max(6),
    handLimit: z.int().min(3).max(20),
    turnLimit: z.int().min(10).max(500),
    turnTimeMs: z
      .int()
      .min(shortestTurnMs, { error: `must be at least ${shortestTurnMs}, or null for no limit` })
      .max(7 * 86_400_000)
      .nullable(),
    onTimeOut: shape.onTimeOut,
    timeoutsAllowed: z.int().min(0).max(20),
    venomDamage: z.int().min(0).max(100),
    scorchDamage: z.int().min(0).max(100),
    openAfterEnd: shape.openAfterEnd,
  })
  .partial();

/** @throws InvalidInput with every rule that is unknown or out of bounds */
export function parseOwnRules(rules: unknown): Partial<RulesConfig> {
  const parsed = ownRulesSchema.safeParse(rules ?? {});
  if (!parsed.success) throw invalidInput(...parsed.error.issues.map((issue) => describeIssue(issue, "rules")));
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
