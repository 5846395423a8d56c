import * as z from "zod";
import { harden } from "./codec/harden.js";
import { TurnkeepError } from "./errors.js";
import { type GameDefinition, hasSoundRules } from "./game-definition.js";
import { outcomeSchemaOf } from "./outcome.js";
import { playerIdsSchema } from "./player-id.js";

/** Versions and turns are integers of Postgres. */
const wholeNumber = z.int().min(0).max(2_147_483_647);

/** No service has been there for so long; a wall clock shows more since 2010. */
const longestServiceMs = 40 * 365 * 86_400_000;
const byWallClock = "it lies decades ahead: it counts in service time, which begins at 0, not by a wall clock";
const serviceTime = z.int().min(0).max(longestServiceMs, { error: byWallClock });

/**
 * The same game, with functions that check what they return: so nothing that a store would refuse, or keep as something
 * else, is ever written for a mistake in a definition.
 * @throws InvalidInput if the schema version or the rules' versions are no whole numbers from 1. Its
 * functions throw InvalidState, with the reason `definition` and the function's name as path
 */
export function checkedGame<State extends object, View, Entry>(
  game: GameDefinition<State, View, Entry>,
): GameDefinition<State, View, Entry> {
  if (!wholeNumber.min(1).safeParse(game.schemaVersion).success) throw wrong("schemaVersion");
  if (!hasSoundRules(game)) throw wrong("rulesVersion");
  return {
    ...game,
    schemaVersionOf: checked(
      "schemaVersionOf",
      (document: Record<string, unknown>) => game.schemaVersionOf(document),
      z.number().nullable(),
    ),
    turnOf: checked("turnOf", (state: State) => game.turnOf(state), wholeNumber),
    dueAt: checked("dueAt", (state: State) => game.dueAt(state), serviceTime.nullable()),
    resultOf(state) {
      const result = game.resultOf(state);
      if (result === null) return null;
      return checked("resultOf", () => result, outcomeSchemaOf(game, game.playersOf(state)))(state);
    },
    playersOf: checked("playersOf", (state: State) => game.playersOf(state), playerIdsSchema),
    rulesOf: checked("rulesOf", (state: State) => game.rulesOf(state), keepable),
  };
}

const wrong = (field: string) =>
  new TurnkeepError("InvalidInput", `${field}: expected a whole number from 1`, { issues: [field] });

/** What JSON keeps as it is; nothing at all counts as no rules. */
const keepable = z.unknown().superRefine((value, check) => {
  try {
    harden(value ?? null);
  } catch (error) {
    check.addIssue({ code: "custom", message: error instanceof Error ? error.message : "it cannot be kept" });
  }
});

function checked<Argument, Result>(
  name: string,
  read: (argument: Argument) => Result,
  schema: z.ZodType,
): (argument: Argument) => Result {
  return (argument) => {
    const returned = read(argument);
    const verdict = schema.safeParse(returned);
    if (verdict.success) return returned;
    const [issue] = verdict.error.issues;
    const field = [name, ...(issue?.path ?? []).map(String)].join(".");
    const message = `the game's definition is wrong: ${field}: ${issue?.message}`;
    throw new TurnkeepError("InvalidState", message, { reason: "definition", path: name });
  };
}
