import { assertGameId } from "@turnkeep/core";
import { type GameInspection, type Side, watchGame } from "@turnkeep/operations";
import { Command } from "commander";
import { sentenceOf } from "../../failure.js";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings, withBothStores } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { inspectionJson } from "../../show-inspection.js";
import { viewOf } from "../../viewer.js";

interface WatchFlags {
  readonly viewer?: string;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep watch 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10              until the game is over, or Ctrl-C
  turnkeep watch 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --viewer spectator --json | jq .shownState`;

/** `watch`: both sides of a game, again and again. */
export function watchCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("watch")
    .description("print a line whenever Redis or Postgres has something new of a game; changes nothing")
    .argument("<gameId>", "the game's id, a lower-case UUID")
    .option("--viewer <id>", "also the state as this player sees it, or `spectator`")
    .option("--json", "print NDJSON: both sides a line, as `inspect --json` does")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((gameId: string, flags: WatchFlags & Record<string, unknown>) =>
    run(async () => {
      assertGameId(gameId);
      return withBothStores(givenTexts(flags, host).environment, host, async (stores) => {
        const { runtime, signal } = host;
        let isThere = false;
        const states = flags.viewer !== undefined;
        for await (const seen of watchGame(stores, gameId, { states, runtime, signal })) {
          isThere ||= [seen.cache, seen.store].some((side) => "error" in side || side.facts !== null);
          const shownState = flags.viewer === undefined ? undefined : viewOf(seen, flags.viewer);
          host.write(`${flags.json ? inspectionJson({ ...seen, shownState }) : lineOf(seen, shownState)}\n`);
        }
        return isThere || signal.aborted ? endStatuses.ok : endStatuses.notWell;
      });
    }),
  );
}

function lineOf({ cache, store }: GameInspection, shownState: unknown): string {
  const inCache = sideText(cache, ({ version, turnNumber, dirty, served }) => {
    return `${version} turn ${turnNumber} ${dirty ? "dirty" : "clean"}${served ? "" : ", unverified"}`;
  });
  const inStore = sideText(store, ({ version, status }) => `${version ?? "no version"} ${status}`);
  const view = shownState === undefined ? "" : `  ${JSON.stringify(shownState)}`;
  return `Redis ${inCache}  Postgres ${inStore}${view}`;
}

function sideText<Facts>(side: Side<Facts>, textOf: (facts: Facts) => string): string {
  if ("error" in side) return `is not known: ${sentenceOf(side.error)}`;
  return side.facts === null ? "has nothing" : textOf(side.facts);
}
