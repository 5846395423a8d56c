import Table from "cli-table3";
import type { ContenderName } from "../contenders/contender.js";
import type { Figures } from "../measure/rounds.js";
import { inOrder, type RowResult } from "../run-rows.js";

/** How the contenders are called in tables. */
export const contenderTitles: Readonly<Record<ContenderName, string>> = {
  limit: "limit",
  control: "limit again",
  copy: "COPY to the socket",
  naive: "usual design",
  turnkeep: "Turnkeep",
  every: "Turnkeep, every write checked",
  turns: "Turnkeep, turns checked",
};

const columns = [
  "case",
  "",
  "ops/s",
  "to limit",
  "to usual",
  "p50 ms",
  "p99 ms",
  "client µs",
  "Redis µs",
  "Postgres µs",
  "round trips",
  "bytes out",
  "bytes in",
  "WAL bytes",
] as const;

/** What a row says beside the usual figures, such as memory. */
const extrasOf = ({ cases }: RowResult): readonly string[] => [
  ...new Set(
    cases.flatMap(({ contenders }) => inOrder(contenders).flatMap(({ figures }) => Object.keys(figures.extra ?? {}))),
  ),
];

export const columnsOf = (row: RowResult): readonly string[] => [...columns, ...extrasOf(row)];

/** A row's lines, one a contender of each case; the case is named on its first. */
export const linesOf = (row: RowResult): readonly (readonly string[])[] =>
  row.cases.flatMap(({ label, contenders }) =>
    inOrder(contenders).map(({ name, figures }, index) => [
      index === 0 ? label : "",
      contenderTitles[name],
      ...cellsOf(figures),
      ...extrasOf(row).map((name) => {
        const value = figures.extra?.[name];
        return value === undefined ? "" : short(value);
      }),
    ]),
  );

function cellsOf(figures: Figures): readonly string[] {
  const { toLimit, toNaive, p50Ms, p99Ms } = figures;
  return [
    whole(figures.opsPerSecond),
    toLimit === null ? "" : toLimit.toFixed(2),
    toNaive === null ? "" : toNaive.toFixed(2),
    p50Ms === 0 ? "" : short(p50Ms),
    p99Ms === 0 ? "" : short(p99Ms),
    whole(figures.clientCpuUs),
    whole(figures.redisCpuUs),
    whole(figures.postgresCpuUs),
    short(figures.roundTrips),
    whole(figures.bytesSent),
    whole(figures.bytesReceived),
    whole(figures.walBytes),
  ];
}

const whole = (value: number): string => Math.round(value).toLocaleString("en").replaceAll(",", " ");
const short = (value: number): string => (value >= 100 ? whole(value) : String(Number(value.toPrecision(3))));

/** Only the head is underlined. */
const noLines = { mid: "", "mid-mid": "", "left-mid": "", "right-mid": "" };

export function tableOf(row: RowResult): string {
  const table = new Table({ head: [...columnsOf(row)], chars: noLines, style: { head: [], border: [] } });
  for (const line of linesOf(row)) table.push([...line]);
  return `\n${row.title} (${row.name})\n${row.against}\n${table.toString()}`;
}
