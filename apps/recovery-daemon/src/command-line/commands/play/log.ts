import { assertGameId, isTurnkeepError } from "@turnkeep/core";
import { readLog } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings, withBothStores } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { wholeNumber } from "../../whole-number.js";

interface LogFlags {
  readonly from?: number;
  readonly follow?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep log 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10
  turnkeep log 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --follow       until the game is over, or Ctrl-C
  turnkeep log 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --from 12 --json | jq .entry`;

/** `log`: what was played in a game. */
export function logCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("log")
    .description(
      "print a game's log: what Postgres has, then what only Redis has yet, or a finished game's; changes nothing",
    )
    .argument("<gameId>", "the game's id, a lower-case UUID")
    .option("--from <n>", "begin with the entry of this number", wholeNumber)
    .option("--follow", "go on with new entries until the game is over")
    .option("--json", "print NDJSON: one entry a line, with its number and where it was read from")
    .addHelpText("after", `${examples}\n\nIt is the whole log: it may hold what players must not see.`);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((gameId: string, flags: LogFlags & Record<string, unknown>) =>
    run(async () => {
      assertGameId(gameId);
      return withBothStores(givenTexts(flags, host).environment, host, async (stores) => {
        const { runtime, signal } = host;
        if ((await stores.store.status(gameId, { signal })) === "missing") {
          const [copy] = await stores.cache.inspect([gameId], { signal });
          if (copy === undefined) {
            host.complain(`turnkeep: there is no game ${gameId}\n`);
            return endStatuses.notWell;
          }
        }
        try {
          for await (const { seq, entry, from } of readLog(stores, gameId, { ...flags, runtime, signal })) {
            const line = flags.json ? `{"seq":${seq},"from":"${from}","entry":${entry}}` : `${seq} ${entry}`;
            host.write(`${line}\n`);
          }
        } catch (error) {
          // Who follows a log ends it so.
          if (!isTurnkeepError(error, "Aborted")) throw error;
          return flags.follow ? endStatuses.ok : endStatuses.failed;
        }
        return endStatuses.ok;
      });
    }),
  );
}
