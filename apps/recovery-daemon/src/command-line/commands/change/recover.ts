import { planRecovery, type RecoveryPlan } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings, withBothStores } from "../../open-stores.js";
import { progressBar } from "../../progress-bar.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { withManager } from "../../with-manager.js";

interface RecoverFlags extends Record<string, unknown> {
  readonly dryRun?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep recover --dry-run      what Redis lacks; changes nothing
  turnkeep recover                bring it back, page by page, while servers play on
  turnkeep recover --json | jq .failed`;

/** `recover`: brings live games that Redis lacks back into it. */
export function recoverCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("recover")
    .description("bring live games that are missing from Redis back into it, never over a newer copy")
    .option("--dry-run", "say what would be brought back, and change nothing")
    .option("--json", "print JSON: one object")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: RecoverFlags) => run(() => (flags.dryRun ? plan(flags, host) : recover(flags, host))));
}

function plan(flags: RecoverFlags, host: Host): Promise<EndStatus> {
  return withBothStores(givenTexts(flags, host).environment, host, async (stores) => {
    const bar = progressBar("looking at", host.progress);
    const total = await stores.store.countActive({ signal: host.signal });
    let found: RecoveryPlan = { games: 0, missing: 0, unverified: 0, there: 0, examples: [] };
    try {
      for await (const seen of planRecovery(stores, { signal: host.signal })) {
        found = seen;
        bar.show(seen.games, total);
      }
    } finally {
      bar.end();
    }
    const { games, missing, unverified, there, examples } = found;
    const such = examples.length === 0 ? "" : `\nsuch as ${examples.join(", ")}`;
    const text = `${missing} games would be loaded, ${unverified} unverified copies compared, ${there} of ${games} left alone${such}`;
    host.write(`${flags.json ? JSON.stringify({ dryRun: true, ...found }) : text}\n`);
    return endStatuses.ok;
  });
}

function recover(flags: RecoverFlags, host: Host): Promise<EndStatus> {
  return withManager(givenTexts(flags, host).environment, host, async ({ manager }) => {
    const bar = progressBar("recovering", host.progress);
    try {
      const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) => bar.show(done, total);
      const result = await manager.recoverActiveGames({ onProgress, signal: host.signal });
      bar.end();
      const { recovered, alreadyThere, total } = result;
      const failed = result.failed.map(({ gameId }) => gameId);
      const such = failed.length === 0 ? "" : `, such as ${failed[0]}`;
      const text = `${recovered} recovered, ${alreadyThere} were there, ${failed.length} of ${total} failed${such}`;
      host.write(`${flags.json ? JSON.stringify({ recovered, alreadyThere, failed, total }) : text}\n`);
      return failed.length === 0 ? endStatuses.ok : endStatuses.notWell;
    } finally {
      bar.end();
    }
  });
}
