import type { GameRules, JsonValue } from "@turnkeep/core";
import * as z from "zod";

/** Rules whose log has each accepted action with its player, so that a finished game can be played again from its log. */
export function logActions<State, Action extends JsonValue>(
  actionSchema: z.ZodType<Action>,
  apply: (state: State, player: string, action: Action) => State,
): GameRules<State, Action> {
  const entrySchema = z.strictObject({ player: z.string(), action: actionSchema });
  return {
    actionSchema,
    apply: (state, player, action) => ({ state: apply(state, player, action), log: [{ player, action }] }),
    replay(state, entry) {
      const { player, action } = entrySchema.parse(entry);
      return apply(state, player, action);
    },
  };
}
