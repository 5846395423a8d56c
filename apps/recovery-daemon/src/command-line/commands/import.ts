import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { cardGame } from "@turnkeep/game-state";
import { importGames } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host, MisuseError } from "../host.js";
import { placeSettings, withBothStores } from "../open-stores.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { untilInterrupted } from "../until-interrupted.js";
import { wholeNumber } from "../whole-number.js";
import { summaryOf } from "./export.js";

interface ImportFlags {
  readonly skipLines?: number;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep import games.ndjson --database-url postgres://elsewhere/games
  turnkeep import games.ndjson --skip-lines 5000`;

/** `import`: what `export` has written. */
export function importCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("import")
    .description("bring the games of an export into Postgres; a game whose id is or was in use stays as it is")
    .argument("<file>", "what export has written")
    .option("--skip-lines <n>", "go on where an interrupted run said it left off", wholeNumber)
    .option("--json", "print NDJSON: each game, then the summary")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((file: string, flags: ImportFlags & Record<string, unknown>) =>
    run(async () => {
      const { environment } = givenTexts(flags, host);
      return withBothStores(environment, host, async ({ store }) => {
        await store.belongTo(cardGame.name);
        const counts = { games: 0, history: 0, there: 0, "left out": 0 };
        let lines = flags.skipLines ?? 0;
        const options = { game: cardGame.name, skipLines: flags.skipLines, signal: host.signal };
        const goOn = () => (lines === 0 ? null : `--skip-lines ${lines}`);
        return untilInterrupted(host, goOn, async () => {
          for await (const done of importGames(store, linesOf(file), options)) {
            lines = done.line;
            if (done.result !== "imported") counts[done.result] += 1;
            else counts[done.kind === "game" ? "games" : "history"] += 1;
            if (flags.json) host.write(`${JSON.stringify({ ...done, kind: "line", what: done.kind })}\n`);
          }
          host.write(summaryOf(flags.json ? { kind: "summary", ...counts } : counts, flags));
          return endStatuses.ok;
        });
      });
    }),
  );
}

/** @throws MisuseError for a file that cannot be read */
async function* linesOf(file: string): AsyncGenerator<string> {
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) yield line;
  } catch {
    throw new MisuseError(`the file ${file} cannot be read`);
  }
}
