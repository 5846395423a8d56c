import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";

/** The rules that a game is played by. */
export const rulesConfigSchema = z.strictObject({
  deckSize: z.int().min(10).max(100),
  benchSize: z.int().min(1).max(10),
  openingHandSize: z.int().min(1).max(20),
  prizeCount: z.int().min(1).max(10),
  /** Cards in hand at the end of one's turn, at most; the rest is discarded. */
  handLimit: z.int().min(1).max(60),
  /** After this turn the player with fewer prizes left wins. */
  turnLimit: z.int().min(1).max(10_000),
  /** Time for one turn in ms; `null` is unlimited. */
  turnTimeMs: z.int().min(1_000).nullable(),
  /** What running out of time costs: the rest of the turn, or the game. */
  onTimeOut: z.enum(["loseTurn", "loseGame"]),
  /** Where it costs the turn: how often a player may run out of time; once more loses the game. */
  timeoutsAllowed: z.int().min(0).max(1_000),
  /** Damage that venom does between turns. */
  venomDamage: z.int().min(0).max(1_000),
  /** Damage that scorching does between turns. */
  scorchDamage: z.int().min(0).max(1_000),
  /** Of cards other than energy, a deck may hold so many of one kind. */
  maxCopies: z.int().min(1).max(100),
  /** Whether a game that has ended shows all hands, also in its replay. */
  openAfterEnd: z.boolean(),
});
export type RulesConfig = DeepReadonly<z.infer<typeof rulesConfigSchema>>;

export const defaultRules: RulesConfig = Object.freeze({
  deckSize: 30,
  benchSize: 4,
  openingHandSize: 5,
  prizeCount: 3,
  handLimit: 8,
  turnLimit: 100,
  turnTimeMs: 90_000,
  onTimeOut: "loseTurn",
  timeoutsAllowed: 2,
  venomDamage: 10,
  scorchDamage: 20,
  maxCopies: 4,
  openAfterEnd: false,
});

/** When a clock that starts now runs out, in service time; `null` where time is unlimited or not known. */
export function dueAfter({ turnTimeMs }: RulesConfig, serviceMs: number | undefined): number | null {
  return turnTimeMs === null || serviceMs === undefined ? null : serviceMs + turnTimeMs;
}

/** The default rules with those that are given in their place; `undefined` gives nothing. */
export function withDefaultRules(
  given: { readonly [K in keyof RulesConfig]?: RulesConfig[K] | undefined },
): RulesConfig {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return rulesConfigSchema.parse({ ...defaultRules, ...Object.fromEntries(defined) });
}
