import { assertGameId } from "@turnkeep/core";
import { type GameInspection, inspectGame, newestState } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host, MisuseError } from "../host.js";
import { placeSettings, withStores } from "../open-stores.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { inspectionJson, inspectionText } from "../show-inspection.js";
import { viewOf } from "../viewer.js";

interface InspectOptions {
  readonly json?: true;
  readonly state?: true;
  readonly viewer?: string;
}

const examples = `
Examples:
  turnkeep inspect 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10
  turnkeep inspect 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --json | jq .cache.dirty
  turnkeep inspect 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --viewer spectator`;

/** `inspect`: one game on both sides. */
export function inspectCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("inspect")
    .description("show what Redis and Postgres have of a game; changes nothing")
    .argument("<gameId>", "the game's id, a lower-case UUID")
    .option("--state", "also the newest state, whole: it may hold what players must not see")
    .option("--viewer <id>", "also the state as this player sees it, or `spectator`")
    .option("--json", "print JSON: one object")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((gameId: string, options: InspectOptions & Record<string, unknown>) =>
    run(async () => {
      assertGameId(gameId);
      if (options.state && options.viewer !== undefined) throw new MisuseError("give --state or --viewer, not both");
      const { environment } = givenTexts(options, host);
      const states = options.state === true || options.viewer !== undefined;
      const inspection = await withStores(environment, host, (stores) =>
        inspectGame(stores, gameId, { states, signal: host.signal }),
      );
      const shown = { ...inspection, shownState: states ? shownState(inspection, options.viewer) : undefined };
      host.write(`${options.json ? inspectionJson(shown) : inspectionText(shown)}\n`);
      const sides = [inspection.cache, inspection.store];
      if (sides.some((side) => "error" in side)) return endStatuses.failed;
      return sides.every((side) => "facts" in side && side.facts === null) ? endStatuses.notWell : endStatuses.ok;
    }),
  );
}

/** The newest state as it is kept, or as the viewer sees it; `null` if there is none. @throws what decoding it throws */
function shownState(inspection: GameInspection, viewer: string | undefined): unknown {
  if (viewer !== undefined) return viewOf(inspection, viewer);
  const text = newestState(inspection);
  return text === null ? null : asJson(text);
}

/** What is no JSON is shown as the text that it is. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
