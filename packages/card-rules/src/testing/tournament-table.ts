import type { SeriesResult } from "./tournament.js";

/** The results as a table of plain text, shares in percent of all games of the row. */
export function tournamentTable(results: readonly SeriesResult[]): string {
  const head = [
    "first : second",
    "first",
    "second",
    "nobody",
    "1st seat",
    "2nd seat",
    "turns",
    "actions",
    "µs",
    "ends",
  ];
  const rows = results.map((result) => [
    result.name,
    share(result.wins.first, result),
    share(result.wins.second, result),
    share(result.wins.nobody, result),
    share(result.winsOfFirstSeat, result),
    share(result.winsOfSecondSeat, result),
    `${result.meanTurns.toFixed(1)} (max ${result.longestTurns})`,
    result.meanActions.toFixed(1),
    result.microsecondsPerAction.toFixed(1),
    Object.entries(result.endReasons)
      .sort(([, one], [, other]) => other - one)
      .map(([reason, count]) => `${reason} ${share(count, result)}`)
      .join(", "),
  ]);
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function share(count: number, { games }: SeriesResult): string {
  return `${((count * 100) / games).toFixed(1)}%`;
}
