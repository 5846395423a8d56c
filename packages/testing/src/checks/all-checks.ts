import type { Check } from "./check.js";
import { deadlinesPass } from "./deadlines.js";
import { definitionHolds } from "./definition.js";
import { inputStaysAsItIs } from "./input-unchanged.js";
import { statesCanBeKept } from "./keepable.js";
import { movesArePlayed } from "./moves.js";
import { rulesArePure } from "./pure.js";
import { replayEqualsPlay } from "./replay.js";
import { viewsLeakNothing } from "./views.js";

/** What every game owes, looked at in one play after the other. */
export const allChecks = {
  moves: movesArePlayed,
  pure: rulesArePure,
  input: inputStaysAsItIs,
  states: statesCanBeKept,
  definition: definitionHolds,
  views: viewsLeakNothing,
  replay: replayEqualsPlay,
  deadlines: deadlinesPass,
} satisfies Record<string, Check>;
