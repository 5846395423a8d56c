import { type LoadSample, type ProcessLoad, watchLoad } from "@turnkeep/operations";
import { Command } from "commander";
import prettyMs from "pretty-ms";
import { type EndStatus, endStatuses, type Host, MisuseError } from "../host.js";
import { placeSettings, withBothStores } from "../open-stores.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { table } from "../table.js";
import { wholeNumber } from "../whole-number.js";

interface TopFlags {
  readonly metrics: readonly string[];
  readonly every: number;
  readonly once?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep top --metrics http://server-1:9464/metrics --metrics http://daemon-1:9464/metrics    until Ctrl-C
  turnkeep top --once                               what the stores alone know
  turnkeep top --every 10000 --json >> load.ndjson  a record of the night

The status of --once is 3 if a process does not answer, or one of them does without a store.`;

/** `top`: what servers, daemons and stores do just now. */
export function topCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("top")
    .description("show what servers, daemons and stores do, again and again; changes nothing")
    .option("--metrics <url>", "where a server or daemon serves its metrics; once for each", listed, [])
    .option("--every <ms>", "from one look to the next", wholeNumber, 1_000)
    .option("--once", "look once, over one interval")
    .option("--json", "print NDJSON: each look a line")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: TopFlags & Record<string, unknown>) =>
    run(async () => {
      const metrics = [...new Set(flags.metrics)].map(metricsUrl);
      return withBothStores(givenTexts(flags, host).environment, host, async (stores) => {
        const { runtime, signal } = host;
        const show = flags.json
          ? (sample: LoadSample) => host.write(`${JSON.stringify(sample)}\n`)
          : await shownOn(host);
        for await (const sample of watchLoad(stores, { metrics, everyMs: flags.every, runtime, signal })) {
          show(sample);
          if (flags.once) return isWell(sample) ? endStatuses.ok : endStatuses.notWell;
        }
        return flags.once ? endStatuses.failed : endStatuses.ok;
      });
    }),
  );
}

const listed = (url: string, before: readonly string[]): readonly string[] => [...before, url];

/** @throws MisuseError, which does not repeat the address: it may hold a password */
function metricsUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new MisuseError("--metrics takes an http or https address without a password, as http://host:9464/metrics");
}

/** On a terminal the newest sample stands in place of the last one; the cursor stays as it is, so nothing needs mending. */
async function shownOn({ screen, write }: Host): Promise<(sample: LoadSample) => void> {
  if (screen === null) return (sample) => write(`${textOf(sample)}\n`);
  const { createLogUpdate } = await import("log-update"); // It loads slowly, and the other commands do without.
  const draw = createLogUpdate(screen, { showCursor: true });
  return (sample) => draw(textOf(sample));
}

function isWell({ games, backlog, processes, total }: LoadSample): boolean {
  const isKnown = !("error" in games || "error" in backlog) && processes.every(({ error }) => error === null);
  return isKnown && total.cacheAway + total.storeAway === 0;
}

const head = ["process", "actions/s", "p99", "turns/s", "loads/s", "conflicts/s"].concat([
  "flushed/s",
  "a flush",
  "failed/s",
  "Redis",
  "Postgres",
]);

function textOf({ at, games, backlog, processes, total, slowest }: LoadSample): string {
  const counts =
    "error" in games ? `Postgres: ${games.error}` : `${games.active} games, ${games.quarantined} quarantined`;
  const waiting =
    "error" in backlog ? `Redis: ${backlog.error}` : `${backlog.games} wait for Postgres, ${late(backlog)}`;
  const summary = `${at}  ${counts}  ${waiting}`;
  if (processes.length === 0) return summary;
  const rows = processes.map(({ endpoint, error, load }) =>
    load === null ? [endpoint, error ?? "has answered once"] : [endpoint, ...cellsOf(load)],
  );
  const known = rows.filter(({ length }) => length === head.length);
  const silent = rows.filter(({ length }) => length < head.length).map((cells) => cells.join("  "));
  const sums = known.length > 1 ? [["together", ...cellsOf(total)]] : [];
  const columns = known.length > 0 ? [table([head, ...known, ...sums], [1, 2, 3, 4, 5, 6, 7, 8])] : [];
  const slow = slowest.map(({ gameId, slowestMs, endpoint }) => [gameId, `${slowestMs}ms`, endpoint]);
  const slowestGames = slow.length > 0 ? [table([["slowest game", "an action", "process"], ...slow], [1])] : [];
  return [summary, ...columns, ...silent, ...slowestGames].join("\n");
}

function late({ oldestOverdueMs }: { readonly oldestOverdueMs: number }): string {
  return oldestOverdueMs === 0
    ? "none is overdue"
    : `the oldest ${prettyMs(oldestOverdueMs, { compact: true })} overdue`;
}

function cellsOf(load: ProcessLoad): readonly string[] {
  const ms = (value: number | null) => (value === null ? "-" : `${Math.ceil(value)}ms`);
  const rate = (value: number) => value.toFixed(value < 10 ? 1 : 0);
  return [
    rate(load.actionsPerSecond),
    ms(load.actionP99Ms),
    rate(load.turnsPerSecond),
    rate(load.loadsPerSecond),
    rate(load.conflictsPerSecond),
    rate(load.flushedGamesPerSecond),
    ms(load.flushMs),
    rate(load.failedFlushesPerSecond),
    load.cacheAway === 0 ? "up" : away(load.cacheAway),
    load.storeAway === 0 ? "up" : away(load.storeAway),
  ];
}

const away = (processes: number): string => (processes === 1 ? "away" : `away for ${processes}`);
