import { assertGameId } from "@turnkeep/core";
import { type ListedGame, listGames } from "@turnkeep/operations";
import { Command, Option } from "commander";
import prettyMs from "pretty-ms";
import { type EndStatus, endStatuses, type Host } from "../host.js";
import { placeSettings, withBothStores } from "../open-stores.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { table } from "../table.js";
import { untilInterrupted } from "../until-interrupted.js";
import { wholeNumber } from "../whole-number.js";

interface ListFlags {
  readonly status?: ListedGame["status"];
  readonly player?: string;
  readonly type?: string;
  readonly dirty?: boolean;
  readonly idleMinutes?: number;
  readonly limit?: number;
  readonly after?: string;
  readonly json?: true;
}

const tableGames = 50;

const examples = `
Examples:
  turnkeep list                              the first ${tableGames} games that are not over, by id
  turnkeep list --status quarantined         what waits for an operator
  turnkeep list --dirty --idle-minutes 5     what should have been saved long ago
  turnkeep list --player ada --json | jq .gameId`;

/** `list`: games that are not over, by what an operator looks for. */
export function listCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("list")
    .description("list games that are not over, by id, with what Redis and Postgres have of them; changes nothing")
    .addOption(new Option("--status <status>", "only games of this status").choices(["live", "ended", "quarantined"]))
    .option("--player <id>", "only games of this player")
    .option("--type <type>", "only games of this type")
    .option("--dirty", "only games with writes in Redis that Postgres may lack")
    .option("--no-dirty", "only games without such writes")
    .option("--idle-minutes <n>", "only games without an action for so long", wholeNumber)
    .option("--limit <n>", `at most so many; default ${tableGames}, and all with --json`, wholeNumber)
    .option("--after <gameId>", "only games after this one")
    .option("--json", "print NDJSON: one game a line, without its state")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: ListFlags & Record<string, unknown>) =>
    run(async () => {
      if (flags.after !== undefined) assertGameId(flags.after);
      const { environment } = givenTexts(flags, host);
      return withBothStores(environment, host, async (stores) => {
        const filter = {
          status: flags.status,
          playerId: flags.player,
          gameType: flags.type,
          dirty: flags.dirty,
          idleForMs: flags.idleMinutes === undefined ? undefined : flags.idleMinutes * 60_000,
        };
        const games = listGames(stores, filter, { after: flags.after, signal: host.signal });
        return flags.json ? writeLines(games, flags, host) : writeTable(games, flags, host);
      });
    }),
  );
}

function writeLines(games: AsyncIterable<ListedGame>, { limit }: ListFlags, host: Host): Promise<EndStatus> {
  let [count, last]: [number, string | null] = [0, null];
  const goOn = () => last && `--after ${last}`;
  return untilInterrupted(host, goOn, async () => {
    for await (const game of games) {
      host.write(`${JSON.stringify(game)}\n`);
      last = game.gameId;
      count += 1;
      if (count === limit) break;
    }
    return endStatuses.ok;
  });
}

async function writeTable(
  games: AsyncIterable<ListedGame>,
  { limit = tableGames }: ListFlags,
  host: Host,
): Promise<EndStatus> {
  const shown: ListedGame[] = [];
  let hasMore = false;
  for await (const game of games) {
    hasMore = shown.length === limit;
    if (hasMore) break;
    shown.push(game);
  }
  const head = ["game", "status", "type", "turn", "idle", "in Redis", "players"];
  host.write(shown.length === 0 ? "no such game\n" : `${table([head, ...shown.map(cellsOf)], [3, 4])}\n`);
  if (hasMore) host.write(`more: --after ${shown.at(-1)?.gameId}\n`);
  return endStatuses.ok;
}

function cellsOf({ gameId, status, row, copy, idleMs }: ListedGame): readonly string[] {
  const inCache = copy === null ? "no" : `${copy.dirty ? "dirty" : "clean"}${copy.served ? "" : ", unverified"}`;
  const why = row.quarantine === null ? "" : `: ${row.quarantine.reason ?? "no reason given"}`;
  const idle = prettyMs(idleMs, { compact: true });
  return [gameId, `${status}${why}`, row.gameType, String(row.turnNumber), idle, inCache, row.playerIds.join(", ")];
}
