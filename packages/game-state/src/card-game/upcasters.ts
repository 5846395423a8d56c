import type { Upcaster } from "../core/game-definition.js";
import { defaultRules } from "./rules-config.js";

/**
 * Version 1 had `winner` and `endReason` beside each other instead of `result`, counted no records, and knew neither
 * a turn limit nor venom.
 */
const fromVersion1: Upcaster = (document) => {
  const { winner, endReason, ...kept } = document;
  const rules = typeof document.rules === "object" ? document.rules : {};
  const records: readonly unknown[] = Array.isArray(document.recentActions) ? document.recentActions : [];
  const newest: unknown = records.at(-1);
  const recordCount = typeof newest === "object" && newest !== null && "seq" in newest ? newest.seq : 0;
  return {
    ...kept,
    schemaVersion: 2,
    rules: { ...rules, turnLimit: defaultRules.turnLimit, venomDamage: defaultRules.venomDamage },
    recordCount,
    result: endReason == null ? null : { winnerId: winner ?? null, reason: endReason },
  };
};

/** `upcasters[n]` brings a card game's document of version n to n + 1. */
export const upcasters: Readonly<Record<number, Upcaster>> = { 1: fromVersion1 };
