import Table from "cli-table3";

const chars = Object.fromEntries(
  ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
    .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"])
    .map((place) => [place, ""]),
);

/** Rows in columns, for people; the first row is the head. Columns that are named by their place are of numbers. */
export function table(rows: readonly (readonly string[])[], numbers: readonly number[] = []): string {
  const [head = []] = rows;
  const made = new Table({
    chars: { ...chars, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, column) => (numbers.includes(column) ? "right" : "left")),
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
