import type { PromiseName } from "../checker/violation.js";
import type { Environment } from "../environment.js";
import type { PostgresOptions } from "../stores/postgres-server.js";
import type { RedisOptions } from "../stores/redis-server.js";
import type { ServiceOptions } from "../system/turnkeep-service.js";
import type { Chance } from "../workload/seeded.js";
import type { WorkloadOptions } from "../workload/workload.js";

/** One fault, and what it needs. */
export interface Scenario {
  /** As `--scenario` takes it. */
  readonly name: string;
  readonly title: string;
  /** The promises that the fault is most likely to break; the checker checks all of them. */
  readonly checks: readonly PromiseName[];
  readonly redis?: RedisOptions;
  /** More than one Redis, which the servers reach without proxies. */
  readonly topology?: "sentinel" | "cluster";
  readonly service?: ServiceOptions;
  readonly workload?: Partial<WorkloadOptions>;
  /** The first server is a process of its own, and so many others wait to replace it once it is killed. */
  readonly spares?: number;
  /** What is added to the environment variables of that process. */
  readonly env?: (chance: Chance) => Promise<Readonly<Record<string, string>>>;
  /** A Postgres of this scenario's own; `remove` undoes what was set up for it. Default: the one of the whole run. */
  readonly ownPostgres?: (chance: Chance) => Promise<{ options: PostgresOptions; remove(): Promise<void> }>;
  /** Not among the tests: takes long, or needs rights that not every machine gives. */
  readonly onDemand?: boolean;
  /** Why this machine cannot run it, or `null`. */
  readonly cannotRun?: () => Promise<string | null>;
  /** How long after the fault everything may take to reach Postgres; default 6 s. */
  readonly drainsWithinMs?: number;
  /** Runs beside the workload, after some ordinary play. Resolves when the fault is over. */
  inject(environment: Environment, chance: Chance): Promise<void>;
}
