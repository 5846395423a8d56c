import { isTurnkeepError, outcomeSchema } from "@turnkeep/core";
import { describe, expect, it } from "vitest";
import { cardEndReasonSchema, endReasonSchema, toEndReason, toOutcome } from "./game-result.js";
import { sampleIds } from "./testing/sample-game.js";

describe("toEndReason", () => {
  it("maps every reason of the game to one of the store, and no two to the same", () => {
    const mapped = cardEndReasonSchema.options.map(toEndReason);
    expect(mapped.map((reason) => endReasonSchema.parse(reason))).toEqual(mapped);
    expect(new Set(mapped).size).toBe(mapped.length);
  });

  it.each(["bored", "", "toString", "prizes", null, undefined, 1])("refuses %s", (reason) => {
    expect(() => toEndReason(reason)).toThrow(expect.objectContaining({ code: "InvalidInput" }));
  });

  it("throws an error of the taxonomy", () => {
    try {
      toEndReason("bored");
    } catch (error) {
      expect(isTurnkeepError(error, "InvalidInput")).toBe(true);
    }
    expect.assertions(1);
  });
});

describe("toOutcome", () => {
  it.each([
    ["a human winner", sampleIds.one, { winnerIds: [sampleIds.one], winnerIsNpc: false }],
    ["an NPC winner", "npc:warden", { winnerIds: [], winnerIsNpc: true }],
    ["nobody", null, { winnerIds: [], winnerIsNpc: false }],
  ])("of %s", (_, winnerId, expected) => {
    const outcome = toOutcome({ winnerId, reason: "prizesTaken" });
    expect(outcome).toEqual({ ...expected, endReason: "prizes" });
    expect(outcomeSchema.parse(outcome)).toEqual(outcome);
  });
});
