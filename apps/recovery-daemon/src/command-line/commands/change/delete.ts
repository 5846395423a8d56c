import { assertGameId } from "@turnkeep/core";
import { Command } from "commander";
import { isConfirmed, yesFlag } from "../../confirm.js";
import { gameInWords } from "../../game-in-words.js";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { withManager } from "../../with-manager.js";

interface DeleteFlags extends Record<string, unknown> {
  readonly yes?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep delete 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10
  turnkeep delete 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --yes --json`;

/** `delete`: removes one game that is not over, on both sides. */
export function deleteCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("delete")
    .description("delete a game that is not over, on both sides, for good; what is in history stays there")
    .argument("<gameId>", "the game's id, a lower-case UUID")
    .option(...yesFlag)
    .option("--json", "print JSON: one object")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((gameId: string, flags: DeleteFlags) =>
    run(async () => {
      assertGameId(gameId);
      return withManager(givenTexts(flags, host).environment, host, async ({ manager, cache, store }) => {
        const game = await gameInWords({ cache, store }, gameId, host);
        if (game === null) return endStatuses.notWell;
        if (!(await isConfirmed(`delete ${game} for good`, flags, host))) return endStatuses.failed;
        const deleted = await manager.deleteGame(gameId, { signal: host.signal });
        const text = deleted ? `deleted ${gameId}` : "there was nothing left to delete";
        host.write(flags.json ? `${JSON.stringify({ gameId, deleted })}\n` : `${text}\n`);
        return deleted ? endStatuses.ok : endStatuses.notWell;
      });
    }),
  );
}
