import { capacityReport } from "../capacity/capacity-report.js";
import type { BenchResult, SavedRow } from "./bench-result.js";
import { barChart, lineChart } from "./charts.js";
import { reached } from "./goals.js";
import { markdownTable } from "./markdown-table.js";
import { columnsOf, linesOf } from "./table.js";

/** A file of the report: its path from the top of the repository, and its text. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

/** docs/performance.md with its plots, and docs/capacity.md: all figures come from the result, none is typed. */
export function reportOf(result: BenchResult, source: string): readonly ReportFile[] {
  const { machine, rows } = result;
  const plots = rows.map((row) => ({
    path: `docs/performance/${row.name}.svg`,
    text: row.cases.some(({ growth }) => growth !== undefined) ? lineChart(row) : barChart(row),
  }));
  const settings = Object.entries(machine.postgresSettings).map(([name, value]) => `${name} ${value}`);
  const text = [
    "# Performance",
    `This page is written by \`npm run bench -- --report ${source}\` from [that file](../${source}); a test compares the two. How it is measured, and what the columns mean: [bench](../bench/README.md). What many games need: [capacity](capacity.md). Only ratios that were taken in one run mean anything: the rows *limit again* show how far the same code is from itself.`,
    `Measured on ${machine.cores} cores (${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}), Node ${machine.node}, Redis ${machine.redis} without an append-only file, Postgres ${machine.postgres} with ${machine.compression} (${settings.join(", ")}); everything on one machine, over loopback.`,
    "## The goals",
    "Operations a second as a share of the limit's, with turns checked by the schema.",
    goalTable(rows),
    whyMissed,
    ...rows.map(section),
  ].join("\n\n");
  return [
    { path: "docs/performance.md", text: `${text}\n` },
    { path: "docs/capacity.md", text: capacityReport(result, source) },
    ...plots,
  ];
}

/** What limits the rows that miss their goals. It holds no figures: those are in the tables. */
const whyMissed = `### Where a goal is missed

- **A state that passes through a script costs Redis time for each of its bytes**: Lua keeps every text by a hash of all of it. So READ, WRITE and INSTALL cost more than GET and SET, and the more the larger the state is (column *Redis µs* of \`action\`, \`load\`, \`recovery\`). Both ways around it were measured. SET of a key beside the script, and RENAME in it, is one more command: it loses at 4 KB, and saves from 20 KB on, in Redis alone, while the client is what the calls wait for. GET beside a script that returns only the version costs Redis much less than READ; but two commands are not one moment, and MULTI around them costs the client more than Redis saves.
- **An action**: most of the limit's time is JSON.stringify. Here the text of a long state is put together from the bytes of the one before and what has changed, so that past some size the limit costs more. What is left are the bytes that are sent all the same, through the client and the script; the checks of what changed, the frozen state, and a script with its arguments. The client copies the bytes once more where it joins a command's arguments. At 4 KB a text is made anew: to look for what is unchanged costs as much. Writes that leave the client in one piece changed nothing that could be measured. The state as SET of a temporary key, with RENAME in the script, halves the time of Redis at 80 KB and brings few operations more. Only the change itself, sent and kept beside the text in Redis, passed the limit from 20 KB on, and at 80 KB several times; but then the key of the state is not the state's JSON, which any program may GET, and each read puts both together.
- **A durable turn** is WRITE and one statement before the answer, and ACK after it. The statement locks the row, compares fence and versions, then writes the state with all that stands beside it and the new log entries; the limit sets one column. A bare UPDATE of the same row takes Postgres most of that time. Turns that meet share a statement, so that many at once cost Postgres less than the limit; a turn alone has nobody to share with. Then the client waits for one reply after the other, runs far more code than the limit between them, and finds its caches cold.
- **The end of a long game**: its log leaves Redis once and goes to Postgres once. The client takes it apart into entries, and Postgres joins those that the store has with those that it lacks, and counts them, so that a replay says whether it is complete; the limit inserts one text that it has.
- **A load of a game that is not held** parses what the limit parses. Freezing each part costs between a quarter and a third of that again, so that with it the goal is out of reach; \`freezeReadStates\` turns it off. A script checks owner, epoch and version; loads that are made in the same breath share one. An array or object costs V8 a call to freeze, however it is walked.
- **Recovery**: the limit reads two columns and sets one key; a COPY straight to the socket makes no text of them. Here each row is locked and gets a fence, so that Postgres writes it: at 4 KB the update takes longer than to read and decompress the state, and each page ends with a commit. Each game draws a token before its row is read, and is installed only if that token is still there. Of the time of INSTALL at 4 KB a third takes the arguments into Lua, a fifth sets the state, a fifth writes the header's fields; the rest are its checks. So Redis and Postgres alone take more time a game than the limit takes in client and servers together, and on two cores the goal is out of reach while that is so. Larger pages saved most, since each costs a commit and wakes three processes. Little changed by a join over ctid, by an update without a lock before it, and by calls that leave the client as one buffer, except at 20 and 80 KB. The state as SET of a temporary key with RENAME in the script takes 10 of 25 µs from INSTALL at 4 KB, and SET takes 4 of them again; its key would have to be of the load, and would be left behind by a process that dies.
- **Memory of a recovery**: of its peak about 100 MB are a process that has loaded its modules and opened its connections, and 25 MB what is alive. The rest is garbage that V8 has not collected yet: the states of a page outlive its young generation, and wait for a collection of the old one. The limit has the same; a COPY makes no strings.
- **Creation** walks the whole state for what JSON cannot keep, and checks it by the schema: each costs the client more than JSON.stringify does, and from 20 KB on both together more than all that the limit does there. Then it makes a token, a row, the log's first entry and a copy, where the limit makes a key and a row. The state's text goes once to Postgres and once to Redis, but Postgres writes it twice, in the row and as the log's first entry, with which a replay begins: so its WAL is twice that of the limit. Written at the first flush instead, it would cost each game that is played as much, only later.`;

function goalTable(rows: readonly SavedRow[]): string {
  const lines = reached(rows).map(({ row, case: label, toLimit, ofCopy, measured, noise }) => [
    row,
    ofCopy ? `${label}, of COPY` : label,
    measured.toFixed(2),
    `${toLimit}`,
    noise.toFixed(2),
  ]);
  return markdownTable(["row", "case", "measured", "goal", "limit again"], lines);
}

function section(row: SavedRow): string {
  const { name, title, against, run } = row;
  const made = `${run.date.slice(0, 10)}, medians of ${run.rounds} rounds${run.quick ? ", a quick run" : ""}`;
  return [
    `## ${title}`,
    `\`${name}\`: ${against}. ${made}.`,
    `![${title}](performance/${name}.svg)`,
    markdownTable(columnsOf(row), linesOf(row)),
  ].join("\n\n");
}
