import { type Condition, conditionSchema, type RulesConfig } from "@turnkeep/game-state";

const texts: Readonly<Record<Condition, (rules: RulesConfig) => string>> = {
  dazed: () => "cannot attack in this turn",
  rooted: () => "cannot retreat in this turn",
  drowsy: () => "can neither attack nor retreat, until a coin between turns shows heads",
  venomed: ({ venomDamage }) => `takes ${venomDamage} damage between turns`,
  scorched: ({ scorchDamage }) => `takes ${scorchDamage} damage between turns, until a coin shows heads`,
};

/** In the order in which records count them. */
export const conditions: readonly Condition[] = conditionSchema.options;

/** What is wrong with a creature in this condition. */
export const conditionText = (condition: Condition, rules: RulesConfig): string => texts[condition]?.(rules) ?? "";
