import { type MatchKind, playStyles } from "@turnkeep/match-kit";

const { lively, peaceful, sleepy, steady } = playStyles;
/** The shortest that the server allows. */
const turnTimeMs = 8_000;

/** What the demo plays, one after the other and from the start again: the whole game. */
export const matchKinds: readonly MatchKind[] = [
  { name: "two players", style: lively, opponent: lively },
  { name: "time for a turn", style: steady, opponent: sleepy, rules: { turnTimeMs, onTimeOut: "loseGame" } },
  { name: "campaign against the Kilnkeeper", style: lively, opponent: { npcId: "kilnkeeper" } },
  { name: "campaign against the Marsh Warden", style: lively, opponent: { npcId: "marsh-warden" } },
  { name: "two players at peace", style: peaceful, opponent: peaceful },
  { name: "few turns", style: lively, opponent: lively, rules: { turnLimit: 10, prizeCount: 6 } },
  { name: "turns lost", style: steady, opponent: sleepy, rules: { turnTimeMs, timeoutsAllowed: 1 } },
  {
    name: "few cards",
    style: steady,
    opponent: steady,
    rules: { openingHandSize: 10, prizeCount: 6, handLimit: 20, benchSize: 8 },
  },
];
