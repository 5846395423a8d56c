import * as z from "zod";
import type { DeepReadonly } from "../core/deep-readonly.js";

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
  /** Damage that venom does between turns. */
  venomDamage: z.int().min(0).max(1_000),
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
  venomDamage: 10,
});

/** The default rules with those that are given in their place; `undefined` gives nothing. */
export function withDefaultRules(
  given: { readonly [K in keyof RulesConfig]?: RulesConfig[K] | undefined },
): RulesConfig {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return rulesConfigSchema.parse({ ...defaultRules, ...Object.fromEntries(defined) });
}
