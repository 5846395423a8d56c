import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { cardGame } from "@turnkeep/game-state";
import { type ExportLine, exportGames, headerOf } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host, MisuseError } from "../host.js";
import { placeSettings, withBothStores } from "../open-stores.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { untilInterrupted } from "../until-interrupted.js";

interface ExportFlags {
  readonly from?: string;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep export games.ndjson
  turnkeep export games.ndjson --from games:7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10
  turnkeep import games.ndjson --database-url postgres://elsewhere/games`;

/** `export`: the games that are not over, and history, as NDJSON. */
export function exportCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("export")
    .description("write live games and history to a file, a line each, while servers play on; quarantined ones stay")
    .argument("<file>", "is made; with --from it goes on")
    .option("--from <cursor>", "go on where an interrupted run said it left off")
    .option("--json", "print the summary as JSON")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((file: string, flags: ExportFlags & Record<string, unknown>) =>
    run(async () => {
      const { environment } = givenTexts(flags, host);
      return withBothStores(environment, host, async (stores) => {
        let left = flags.from ?? "games:";
        const games = exportGames(stores, { cursor: flags.from, signal: host.signal });
        const counted = async function* () {
          for await (const { line, cursor } of games) {
            yield line;
            left = cursor;
          }
        };
        const goOn = () => `--from ${left}`;
        return untilInterrupted(host, goOn, async () => {
          const counts = await writeExport(counted(), file, flags.from === undefined ? "new" : "more");
          host.write(summaryOf({ file, ...counts }, flags));
          return endStatuses.ok;
        });
      });
    }),
  );
}

/** What was written or done, for people or for programs. */
export const summaryOf = (facts: Readonly<Record<string, unknown>>, { json }: { readonly json?: true }): string =>
  json
    ? `${JSON.stringify(facts)}\n`
    : `${Object.entries(facts)
        .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : value}`)
        .join("\n")}\n`;

/**
 * Writes the lines to a file that only its owner may read, as fast as the file takes them; returns how many of each kind.
 * A new file begins with the header. What was written before an error stays. @throws MisuseError for a file that is there
 */
export async function writeExport(
  lines: AsyncIterable<ExportLine>,
  file: string,
  which: "new" | "more",
): Promise<{ readonly games: number; readonly history: number; readonly quarantined: number }> {
  const counts = { game: 0, history: 0, quarantined: 0 };
  let failure: unknown;
  const texts = async function* () {
    if (which === "new") yield `${JSON.stringify(headerOf(cardGame.name))}\n`;
    try {
      for await (const line of lines) {
        if (line.kind !== "header") counts[line.kind] += 1;
        yield `${JSON.stringify(line)}\n`;
      }
    } catch (error) {
      // Thrown after the file has all lines before it: a stream that fails loses what it has not written yet.
      failure = error;
    }
  };
  const stream = createWriteStream(file, { flags: which === "new" ? "wx" : "a", mode: 0o600 });
  await pipeline(Readable.from(texts()), stream).catch((error: NodeJS.ErrnoException) => {
    throw new MisuseError(`the file ${file} cannot be written: ${error.code ?? "unknown"}`);
  });
  if (failure !== undefined) throw failure;
  return { games: counts.game, history: counts.history, quarantined: counts.quarantined };
}
