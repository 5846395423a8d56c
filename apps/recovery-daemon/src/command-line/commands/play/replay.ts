import { assertGameId } from "@turnkeep/core";
import { cardGame } from "@turnkeep/game-state";
import { readReplay, type ShownReplay } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host, MisuseError } from "../../host.js";
import { placeSettings, withStore } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { viewerNamed } from "../../viewer.js";

interface ReplayFlags {
  readonly viewer?: string;
  readonly whole?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep replay 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --viewer spectator
  turnkeep replay 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --viewer ada --json | jq .final
  turnkeep replay 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --whole --json > replay.json`;

/** `replay`: a finished game, from its first state to its last. */
export function replayCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("replay")
    .description("print a finished game: its record, first and last state, and log; asks Postgres alone")
    .argument("<gameId>", "the game's id, a lower-case UUID")
    .option("--viewer <id>", "as this player sees it, or `spectator`, who does not see the log")
    .option("--whole", "as it is stored: it may hold what players must not see")
    .option("--json", "print JSON: one object")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((gameId: string, flags: ReplayFlags & Record<string, unknown>) =>
    run(async () => {
      assertGameId(gameId);
      const { viewer: name, whole } = flags;
      if ((name === undefined) === (whole === undefined)) throw new MisuseError("give either --viewer or --whole");
      return withStore(givenTexts(flags, host).environment, host, async (store) => {
        const viewer = name === undefined ? null : viewerNamed(name);
        const replay = await readReplay(store, cardGame, gameId, { viewer, signal: host.signal });
        if (replay === null) {
          host.complain(`turnkeep: history has no game ${gameId}\n`);
          return endStatuses.notWell;
        }
        host.write(flags.json ? `${JSON.stringify(replay)}\n` : replayText(replay));
        return endStatuses.ok;
      });
    }),
  );
}

function replayText({ record, initial, final, log, rules }: ShownReplay): string {
  const { outcome, turnCount, durationSeconds, incomplete, playerIds } = record;
  const won = outcome.winnerIsNpc ? "the NPC" : outcome.winnerIds.join(", ") || "nobody";
  const lines = [
    `game ${record.gameId}, ${record.gameType}, of ${playerIds.join(", ")}`,
    `ended by ${outcome.endReason} after ${turnCount} turns and ${durationSeconds} s; won by ${won}`,
    ...(incomplete ? ["something of it is missing"] : []),
    `rules ${JSON.stringify(rules)}`,
    `first ${JSON.stringify(initial)}`,
    ...(log ?? ["the log is for its players"]).map((entry, n) =>
      log === null ? String(entry) : `${n + 1} ${JSON.stringify(entry)}`,
    ),
    `last ${JSON.stringify(final)}`,
  ];
  return `${lines.join("\n")}\n`;
}
