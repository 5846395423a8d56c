import type { Bed } from "./bed.js";
import type { Promised } from "./judge/violation.js";
import type { PostgresOptions } from "./postgres-server.js";
import type { RedisOptions } from "./redis-server.js";
import type { Chance } from "./seeded.js";
import type { ServiceOptions } from "./turnkeep-service.js";
import type { WorkloadOptions } from "./workload.js";

/** One row of the fault table. */
export interface FaultRow {
  /** As `--fault` takes it. */
  readonly name: string;
  readonly what: string;
  /** The promises that it is most likely to break; all are judged. */
  readonly checks: readonly Promised[];
  readonly redis?: RedisOptions;
  /** More Redis than one, which the servers reach without proxies. */
  readonly topology?: "sentinel" | "cluster";
  readonly service?: ServiceOptions;
  readonly workload?: Partial<WorkloadOptions>;
  /** The first server is a process of its own, and so many wait to take its place once it is killed. */
  readonly spares?: number;
  /** What is added to the environment of that process. */
  readonly env?: (chance: Chance) => Promise<Readonly<Record<string, string>>>;
  /** A Postgres of this row's own; `stop` gives back what it stands on. Default: the one of the whole run. */
  readonly ownPostgres?: (chance: Chance) => Promise<{ options: PostgresOptions; remove(): Promise<void> }>;
  /** Not among the tests: takes long, or needs rights that not every machine gives. */
  readonly onDemand?: boolean;
  /** Why this machine cannot run it, or `null`. */
  readonly cannotRun?: () => Promise<string | null>;
  /** How long after the fault everything may take to reach Postgres; default 6 s. */
  readonly drainsWithinMs?: number;
  /** Done while the workload runs; resolves when the fault is over. It begins after some ordinary play. */
  inject(bed: Bed, chance: Chance): Promise<void>;
}
