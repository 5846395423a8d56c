import { assertGameId, expiredReason } from "@turnkeep/core";
import { cardGame } from "@turnkeep/game-state";
import { Command, Option } from "commander";
import { isConfirmed, yesFlag } from "../../confirm.js";
import { gameInWords } from "../../game-in-words.js";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { withManager } from "../../with-manager.js";

interface EndFlags extends Record<string, unknown> {
  readonly reason: string;
  readonly winner?: readonly string[];
  readonly npcWon?: true;
  readonly yes?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep end 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --reason expired
  turnkeep end 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --reason concede --winner ada --yes`;

/** `end`: ends one game, as its rules would. */
export function endCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const reasons = [...new Set([...(cardGame.endReasons ?? []), expiredReason])];
  const command = new Command("end")
    .description("end a game and bring it into history; one that has ended stays as it ended")
    .argument("<gameId>", "the game's id, a lower-case UUID")
    .addOption(new Option("--reason <reason>", "why it ends").choices(reasons).makeOptionMandatory())
    .option("--winner <id...>", "who won; without: nobody")
    .option("--npc-won", "the NPC won")
    .option(...yesFlag)
    .option("--json", "print JSON: how it ended")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((gameId: string, flags: EndFlags) =>
    run(async () => {
      assertGameId(gameId);
      return withManager(givenTexts(flags, host).environment, host, async ({ manager, cache, store }) => {
        const { reason: endReason, winner: winnerIds = [], npcWon: winnerIsNpc = false } = flags;
        const game = await gameInWords({ cache, store }, gameId, host);
        if (game === null) return endStatuses.notWell;
        const won = winnerIsNpc
          ? "the NPC wins"
          : winnerIds.length === 0
            ? "nobody wins"
            : `${winnerIds.join(", ")} wins`;
        if (!(await isConfirmed(`end ${game} by ${endReason}: ${won}`, flags, host))) return endStatuses.failed;
        const outcome = { endReason, winnerIds, winnerIsNpc };
        const { finalViews: _views, ...ended } = await manager.endGame(gameId, outcome, { signal: host.signal });
        const { turnCount, durationSeconds } = ended;
        const text = `ended by ${ended.outcome.endReason} after ${turnCount} turns and ${durationSeconds} s`;
        host.write(flags.json ? `${JSON.stringify(ended)}\n` : `${text}\n`);
        return endStatuses.ok;
      });
    }),
  );
}
