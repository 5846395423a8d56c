import type { Parts } from "../parts.js";
import type { Task } from "./task.js";

/** Takes the turn, or the game, from players whose time is over; servers do the same, and each deadline counts once. */
export function enforceDeadlines(enforce: NonNullable<Parts["enforceDeadlines"]>, everyMs: number): Task {
  return {
    name: "enforce-deadlines",
    everyMs,
    async run(signal) {
      const { enforced, failed } = await enforce(signal);
      return { done: enforced, failed: failed.length };
    },
  };
}
