import type { GameHistoryRecord } from "@turnkeep/core/ports";
import { type FinishedGame, listHistory } from "@turnkeep/operations";
import { Command } from "commander";
import prettyMs from "pretty-ms";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings, withStore } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { table } from "../../table.js";
import { untilInterrupted } from "../../until-interrupted.js";
import { wholeNumber } from "../../whole-number.js";

interface HistoryFlags {
  readonly player?: string;
  readonly type?: string;
  readonly reason?: string;
  readonly incomplete?: true;
  readonly withinHours?: number;
  readonly limit?: number;
  readonly from?: string;
  readonly json?: true;
}

const tableGames = 50;

const examples = `
Examples:
  turnkeep history                                the ${tableGames} games that ended last
  turnkeep history --player ada --within-hours 24
  turnkeep history --incomplete                   those of whose replay something is missing
  turnkeep history --reason expired --json | jq .gameId`;

/** `history`: finished games, the newest first. */
export function historyCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("history")
    .description("list finished games, the newest first; asks Postgres alone, and changes nothing")
    .option("--player <id>", "only games of this player")
    .option("--type <type>", "only games of this type")
    .option("--reason <reason>", "only games that ended for this reason")
    .option("--incomplete", "only games of whose replay something is missing")
    .option("--within-hours <n>", "only games that ended within so long", wholeNumber)
    .option("--limit <n>", `at most so many; default ${tableGames}, and all with --json`, wholeNumber)
    .option("--from <cursor>", "go on where an earlier list said it left off")
    .option("--json", "print NDJSON: one game a line, without its replay")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: HistoryFlags & Record<string, unknown>) =>
    run(() =>
      withStore(givenTexts(flags, host).environment, host, async (store) => {
        const filter = {
          playerId: flags.player,
          gameType: flags.type,
          endReason: flags.reason,
          incomplete: flags.incomplete,
          withinMs: flags.withinHours === undefined ? undefined : flags.withinHours * 3_600_000,
        };
        const limit = flags.limit ?? (flags.json ? Number.POSITIVE_INFINITY : tableGames);
        const games = listHistory(store, filter, { cursor: flags.from, signal: host.signal });
        return flags.json ? writeLines(games, limit, host) : writeTable(games, limit, host);
      }),
    ),
  );
}

function writeLines(games: AsyncIterable<FinishedGame>, limit: number, host: Host): Promise<EndStatus> {
  let [count, cursor]: [number, string | null] = [0, null];
  const goOn = () => cursor && `--from ${cursor}`;
  return untilInterrupted(host, goOn, async () => {
    for await (const game of games) {
      host.write(`${JSON.stringify(game.record)}\n`);
      cursor = game.cursor;
      count += 1;
      if (count === limit) break;
    }
    return endStatuses.ok;
  });
}

async function writeTable(games: AsyncIterable<FinishedGame>, limit: number, host: Host): Promise<EndStatus> {
  const shown: FinishedGame[] = [];
  for await (const game of games) {
    shown.push(game);
    if (shown.length === limit) break;
  }
  const head = ["game", "type", "ended", "reason", "winners", "turns", "lasted", "players"];
  const rows = shown.map(({ record }) => cellsOf(record));
  host.write(rows.length === 0 ? "no such game\n" : `${table([head, ...rows], [5, 6])}\n`);
  const cursor = shown.length === limit ? shown.at(-1)?.cursor : null;
  if (cursor) host.write(`more: --from ${cursor}\n`);
  return endStatuses.ok;
}

function cellsOf({ outcome, ...record }: GameHistoryRecord): readonly string[] {
  const { gameId, gameType, endedAt, turnCount, durationSeconds, playerIds, npcId, incomplete } = record;
  const winners = outcome.winnerIsNpc ? `npc:${npcId}` : outcome.winnerIds.join(", ") || "none";
  return [
    gameId,
    gameType,
    new Date(endedAt).toISOString(),
    `${outcome.endReason}${incomplete ? ", incomplete" : ""}`,
    winners,
    String(turnCount),
    prettyMs(durationSeconds * 1_000, { compact: true }),
    playerIds.join(", "),
  ];
}
