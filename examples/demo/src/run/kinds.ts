import { type MatchKind, manners } from "@turnkeep/match-kit";

const { lively, peaceful, sleepy, steady } = manners;
/** The shortest that the server allows. */
const turnTimeMs = 8_000;

/** What the demo plays, one after the other and from the start again: the whole game. */
export const matchKinds: readonly MatchKind[] = [
  { name: "two players", manner: lively, opponent: lively },
  { name: "time for a turn", manner: steady, opponent: sleepy, rules: { turnTimeMs, onTimeOut: "loseGame" } },
  { name: "campaign against the Kilnkeeper", manner: lively, opponent: { npcId: "kilnkeeper" } },
  { name: "campaign against the Marsh Warden", manner: lively, opponent: { npcId: "marsh-warden" } },
  { name: "two players at peace", manner: peaceful, opponent: peaceful },
  { name: "few turns", manner: lively, opponent: lively, rules: { turnLimit: 10, prizeCount: 6 } },
  { name: "turns lost", manner: steady, opponent: sleepy, rules: { turnTimeMs, timeoutsAllowed: 1 } },
  {
    name: "few cards",
    manner: steady,
    opponent: steady,
    rules: { openingHandSize: 10, prizeCount: 6, handLimit: 20, benchSize: 8 },
  },
];
