import { toCopy } from "../measure/rounds.js";
import type { RowResult } from "../run-rows.js";

/** What a row has to reach, as a share of the limit or of a COPY: in the cases whose label begins so, with turns checked. */
interface Goal {
  readonly row: string;
  readonly label: string;
  readonly toLimit: number;
  /** Of the second limit, in rows that have one. */
  readonly ofCopy?: true;
}

export const goals: readonly Goal[] = [
  { row: "action", label: "4 KB, 64 at once", toLimit: 0.85 },
  { row: "action", label: "20 KB, 64 at once", toLimit: 1.3 },
  { row: "action", label: "80 KB, 64 at once", toLimit: 1.7 },
  { row: "load-held", label: "4 KB, 64 at once", toLimit: 2.1 },
  { row: "load-held", label: "20 KB, 64 at once", toLimit: 7.7 },
  { row: "load-held", label: "80 KB, 64 at once", toLimit: 41 },
  { row: "load", label: "4 KB, 64 at once", toLimit: 0.9 },
  { row: "load", label: "20 KB, 64 at once", toLimit: 0.9 },
  { row: "turn", label: "4 KB, 1 at once", toLimit: 0.5 },
  { row: "turn", label: "4 KB, 16 at once", toLimit: 1 },
  { row: "turn", label: "4 KB, 64 at once", toLimit: 1.5 },
  { row: "create", label: "4 KB, 64 at once", toLimit: 0.8 },
  { row: "recovery", label: "4 KB,", toLimit: 0.75 },
  { row: "recovery", label: "4 KB,", toLimit: 0.5, ofCopy: true },
  { row: "count", label: "", toLimit: 0.6 },
  { row: "end", label: "4 KB, 10000 entries", toLimit: 1 },
];

export interface Reached extends Goal {
  readonly case: string;
  readonly measured: number;
  /** How far the limit is from itself in this case. */
  readonly noise: number;
}

/** What the rows reach of the goals that are set for their cases; without those that the saved run did not measure. */
export const reached = (rows: readonly RowResult[]): readonly Reached[] =>
  goals.flatMap((goal) =>
    rows
      .filter(({ name }) => name === goal.row)
      .flatMap(({ cases }) => cases.filter(({ label }) => label.startsWith(goal.label)))
      .flatMap(({ label, contenders }) => {
        const figures = contenders.turns ?? contenders.turnkeep;
        const measured = goal.ofCopy ? figures?.extra?.[toCopy] : figures?.toLimit;
        return measured == null ? [] : [{ ...goal, case: label, measured, noise: contenders.control?.toLimit ?? 0 }];
      }),
  );
