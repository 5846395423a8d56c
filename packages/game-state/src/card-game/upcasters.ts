import type { Upcaster } from "@turnkeep/core";
import { defaultRules } from "./parts/rules-config.js";

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

/**
 * Version 2 knew no evolution, no clock and no offers of a draw; its rules said nothing of time-outs, scorching, copies
 * in decks or open hands.
 */
const fromVersion2: Upcaster = (document) => {
  const { onTimeOut, timeoutsAllowed, scorchDamage, maxCopies, openAfterEnd } = defaultRules;
  return {
    ...document,
    schemaVersion: 3,
    rules: { ...objectOf(document.rules), onTimeOut, timeoutsAllowed, scorchDamage, maxCopies, openAfterEnd },
    cards: eachOf(document.cards, (card) => (card.kind === "creature" ? { ...card, evolvesFrom: null } : card)),
    players: eachOf(document.players, (player) => ({
      ...player,
      flags: { ...objectOf(player.flags), drawOffered: false },
      timeouts: 0,
      active: player.active === null ? null : { ...objectOf(player.active), under: [] },
      bench: Array.isArray(player.bench) ? player.bench.map((creature) => ({ ...objectOf(creature), under: [] })) : [],
    })),
    turnDueAt: null,
    drawOfferedBy: null,
  };
};

type Fields = Readonly<Record<string, unknown>>;

/** The fields of what should be an object; what is none has none, and the schema checks the outcome. */
function objectOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function eachOf(value: unknown, change: (fields: Fields) => Fields): Fields {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, fields]) => [key, change(objectOf(fields))]));
}

/** `upcasters[n]` brings a card game's document of version n to n + 1. */
export const upcasters: Readonly<Record<number, Upcaster>> = { 1: fromVersion1, 2: fromVersion2 };
