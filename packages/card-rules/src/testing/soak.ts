import { argv, exit, stderr, stdout } from "node:process";
import { parseArgs } from "node:util";
import { checkGame } from "./check-game.js";
import { playTournament } from "./tournament.js";
import { tournamentTable } from "./tournament-table.js";

const help = `npm run soak -- [games] [options]

Checks so many games by chance (10000) against all that the rules promise, and prints what they were like.

  --tournament     plays the starter decks, the NPC and chance against each other instead, so many games a pairing (500)
  --seed <text>    what the games' seeds begin with (soak)
  --json           prints one JSON document instead of text
  --help           prints this
`;

/** What checked games by chance were like. */
function soak(games: number, seed: string) {
  const endReasons: Record<string, number> = {};
  let actions = 0;
  let turns = 0;
  let actionMs = 0;
  for (let index = 0; index < games; index++) {
    const checked = checkGame(`${seed}-${index}`);
    const reason = checked.final.result?.reason ?? "none";
    endReasons[reason] = (endReasons[reason] ?? 0) + 1;
    actions += checked.steps;
    turns += checked.final.turnNumber;
    actionMs += checked.actionMs;
  }
  return {
    games,
    seed,
    endReasons,
    meanTurns: turns / games,
    meanActions: actions / games,
    microsecondsPerAction: (actionMs * 1_000) / actions,
  };
}

function soakLine(result: ReturnType<typeof soak>): string {
  const { games, meanTurns, meanActions, microsecondsPerAction, endReasons } = result;
  const means = `${meanTurns.toFixed(1)} turns, ${meanActions.toFixed(1)} actions a game`;
  return `${games} games: ${means}; ${microsecondsPerAction.toFixed(1)} µs an action; ${JSON.stringify(endReasons)}`;
}

/** @throws TypeError for arguments that nobody knows */
function main(args: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tournament: { type: "boolean", default: false },
      seed: { type: "string", default: "soak" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return help;
  const [given, ...others] = positionals;
  const games = Number(given ?? (values.tournament ? 500 : 10_000));
  if (others.length > 0 || !Number.isInteger(games) || games < 1) throw new TypeError("games: one whole number from 1");
  if (values.tournament) {
    const results = playTournament(games, values.seed);
    return values.json ? `${JSON.stringify(results, null, 2)}\n` : `${tournamentTable(results)}\n`;
  }
  const result = soak(games, values.seed);
  return values.json ? `${JSON.stringify(result, null, 2)}\n` : `${soakLine(result)}\n`;
}

try {
  stdout.write(main(argv.slice(2)));
} catch (error) {
  stderr.write(`${error instanceof TypeError ? error.message : String(error)}\n`);
  exit(1);
}
