import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { type RunningServer, startPostgres, startPrometheus, startRedis } from "@turnkeep/dev-services";
import { type MatchKind, Programs, playMatch, playStyles, seeded } from "@turnkeep/match-kit";
import pg from "pg";
import { deployFile } from "../deploy-files.js";
import { Link } from "./link.js";

const kind: MatchKind = { name: "two players", style: playStyles.steady, opponent: playStyles.steady };
const schema = "turnkeep";
const scrapeEverySeconds = 3;
/** This game server has a way of its own to Redis. */
const second = 1;

export interface SiteOptions {
  /** How many matches are played at once. */
  readonly matches: number;
  /** Shows what the programs log. */
  readonly verbose: boolean;
  /** Further settings of the second game server; then nobody plays at it. */
  readonly settingsOfSecond?: Readonly<Record<string, string>>;
}

/** Two game servers, a daemon and a Prometheus, all on servers of their own, with matches under way. */
export interface Site {
  readonly postgres: RunningServer;
  readonly redis: RunningServer;
  readonly programs: Programs;
  /** The second game server's way to Redis. */
  readonly redisOfSecond: Link;
  readonly prometheusUrl: string;
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
}

/** Runs `use` on a fresh site, whose matches go on meanwhile; ends all of it afterwards. */
export async function onSite<Result>(
  { matches, verbose, settingsOfSecond }: SiteOptions,
  signal: AbortSignal,
  use: (site: Site, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const endings: (() => unknown)[] = [];
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  setMaxListeners(0, either);
  try {
    const postgres = await startPostgres();
    endings.push(() => postgres.stop());
    const redis = await startRedis({ appendonly: true });
    endings.push(() => redis.stop());
    const redisOfSecond = await Link.to(redis.url);
    endings.push(() => redisOfSecond.close());
    const jwtSecret = randomBytes(32).toString("base64url");
    const stores = {
      databaseUrl: postgres.url,
      schema,
      redisUrl: redis.url,
      keyPrefix: "",
      close: async () => undefined,
    };
    const programs = await Programs.start(
      {
        stores,
        jwtSecret,
        servers: 2,
        verbose,
        serverSettings: (index) =>
          index === second ? { REDIS_URL: redisOfSecond.through(redis.url), ...settingsOfSecond } : {},
        daemonSettings: { PURGE_EVERY_MS: "1000" },
      },
      either,
    );
    endings.push(() => programs.kill());
    const prometheus = await startPrometheus({
      rules: [deployFile("prometheus/alerts.yml")],
      everySeconds: scrapeEverySeconds,
      targets: {
        "turnkeep-server": programs.metricsUrls.map((url) => new URL(url).host),
        "turnkeep-daemon": [new URL(programs.daemonMetricsUrl).host],
      },
    });
    endings.push(() => prometheus.stop());
    const pool = new pg.Pool({
      connectionString: postgres.url,
      max: 2,
      idleTimeoutMillis: 0,
      options: `-c search_path=${schema}`,
    });
    pool.on("error", () => undefined);
    endings.push(() => pool.end());
    const urls = programs.serverUrls.slice(0, settingsOfSecond === undefined ? 2 : 1);
    const playing = Array.from({ length: matches }, () => keepPlaying(urls, jwtSecret, either));
    endings.push(() => Promise.allSettled(playing));
    const sql = async (text: string, values: readonly unknown[] = []) => (await pool.query(text, [...values])).rows;
    return await use({ postgres, redis, programs, redisOfSecond, prometheusUrl: prometheus.url, sql }, either);
  } finally {
    over.abort();
    for (const end of endings.reverse()) await end();
  }
}

async function keepPlaying(serverUrls: readonly string[], jwtSecret: string, signal: AbortSignal): Promise<void> {
  const random = seeded(1);
  while (!signal.aborted) {
    const options = { serverUrls, jwtSecret, random, kind, onOperation: () => undefined };
    await playMatch(options, signal).catch(() => undefined);
  }
}
