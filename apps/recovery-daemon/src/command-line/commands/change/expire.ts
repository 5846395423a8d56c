import { type ListedStores, listGames } from "@turnkeep/operations";
import { Command } from "commander";
import prettyMs from "pretty-ms";
import { readConfig } from "../../../config.js";
import { isConfirmed, yesFlag } from "../../confirm.js";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { wholeNumber } from "../../whole-number.js";
import { withManager } from "../../with-manager.js";

interface ExpireFlags extends Record<string, unknown> {
  readonly idleMinutes?: number;
  readonly yes?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep expire                              games that nobody has touched for STALE_AFTER_MS
  turnkeep expire --idle-minutes 1440 --yes --json`;

/** `expire`: ends the games that nobody plays any more. */
export function expireCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("expire")
    .description("end the games that nobody has touched for so long, with the reason `expired`")
    .option("--idle-minutes <n>", "for how long; default: the setting STALE_AFTER_MS", wholeNumber)
    .option(...yesFlag)
    .option("--json", "print JSON: how many, and which failed")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: ExpireFlags) =>
    run(() => {
      const { environment } = givenTexts(flags, host);
      return withManager(environment, host, async ({ manager, cache, store }) => {
        const { signal } = host;
        const { idleMinutes } = flags;
        const idleForMs = idleMinutes === undefined ? readConfig(environment).staleAfterMs : idleMinutes * 60_000;
        const what = flags.yes ? null : await whatEnds({ cache, store }, idleForMs, signal);
        if (what !== null && !(await isConfirmed(what, flags, host))) return endStatuses.failed;
        const { expired, failed } = await manager.expireStaleGames({ idleForMs, signal });
        const failures = failed.map((one) => ({ gameId: one.gameId }));
        const text = `${expired} ended${failed.length === 0 ? "" : `, ${failed.length} failed, such as ${failed[0]?.gameId}`}`;
        host.write(flags.json ? `${JSON.stringify({ expired, failed: failures })}\n` : `${text}\n`);
        return failed.length === 0 ? endStatuses.ok : endStatuses.failed;
      });
    }),
  );
}

/** What an operator is asked about; `null` if there is no such game. */
async function whatEnds(stores: ListedStores, idleForMs: number, signal: AbortSignal): Promise<string | null> {
  let [count, example] = [0, ""];
  for await (const { gameId } of listGames(stores, { status: "live", idleForMs }, { signal })) {
    count += 1;
    example ||= gameId;
  }
  const games = count === 1 ? "1 game" : `${count} games`;
  return count === 0 ? null : `end ${games} that nobody has touched for ${prettyMs(idleForMs)}, such as ${example}`;
}
