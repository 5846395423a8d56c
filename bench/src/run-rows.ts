import { contenderNames } from "./contenders/contender.js";
import { type Measurements, measureInRounds } from "./measure/rounds.js";
import type { Effort, Row } from "./rows/row.js";
import type { BenchServers } from "./servers.js";

export interface CaseResult {
  readonly label: string;
  /** The size of what grows from case to case, where something does. */
  readonly growth?: number;
  readonly contenders: Measurements;
}

export interface RowResult {
  readonly name: string;
  readonly title: string;
  readonly against: string;
  readonly cases: readonly CaseResult[];
}

/** Measures one row after the other, each on empty servers. `onCase` hears of each case before it begins. */
export async function runRows(
  rows: readonly Row[],
  effort: Effort,
  servers: BenchServers,
  onCase: (row: Row, label: string) => void,
): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  for (const row of rows) {
    const cases: CaseResult[] = [];
    for (const [index, { label, growth, rounds = effort.rounds, open }] of row.cases(effort).entries()) {
      onCase(row, label);
      const schema = `bench_${row.name.replaceAll("-", "_")}_${index}`;
      const contenders = await open({
        cache: servers.cache,
        db: servers.db,
        redisUrl: servers.redis.url,
        databaseUrl: servers.postgres.url,
        schema,
        compression: servers.versions.compression,
      });
      const measured = await measureInRounds(contenders, servers, rounds);
      for (const { close } of contenders.values()) await close?.();
      await servers.empty();
      cases.push({ label, ...(growth === undefined ? {} : { growth }), contenders: measured });
    }
    results.push({ name: row.name, title: row.title, against: row.against, cases });
  }
  return results;
}

export const inOrder = (measured: Measurements) =>
  contenderNames.flatMap((name) => {
    const figures = measured[name];
    return figures === undefined ? [] : [{ name, figures }];
  });
