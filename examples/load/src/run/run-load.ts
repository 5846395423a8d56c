import { randomBytes } from "node:crypto";
import {
  atLeast,
  cardLogReader,
  check,
  type Finding,
  fork,
  type GivenServers,
  isAction,
  type MatchStores,
  type Operation,
  openStores,
  Programs,
  seeded,
  tally,
  Witness,
  waitForRest,
} from "@turnkeep/match-kit";
import { pause } from "@turnkeep/service-kit";
import type { ClientResult, ClientWork } from "../clients/client-work.js";
import { type Client, startClient } from "../clients/start-clients.js";
import type { Options } from "../options.js";
import { type Spread, spreadOf } from "../report/percentiles.js";
import { measureUsage, type ServerUsage } from "./server-usage.js";

export interface LoadResult {
  readonly seed: number;
  /** Matches that were begun, and so ended. */
  readonly matches: number;
  /** Actions acknowledged in all, and a second in the measured part. */
  readonly actions: number;
  readonly actionsPerSecond: number;
  /** Attempts without an answer, by reason. */
  readonly retries: Readonly<Record<string, number>>;
  /** Refusals and writes whose result stayed unknown, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** From sending to the answer, in ms, in the measured part. */
  readonly action: Spread;
  readonly writeBehind: Spread;
  readonly durable: Spread;
  /** Giving up, until the game is in history; after the measured part. */
  readonly end: Spread;
  /** From sending an action until the opponent was shown it. */
  readonly push: Spread;
  readonly servers: readonly ServerUsage[];
  /** How late the processes of the players themselves ran: part of all figures. */
  readonly clientDelayP99Ms: number;
  readonly findings: readonly Finding[];
}

type Say = (text: string) => void;
type Measured = Omit<LoadResult, "seed" | "findings" | "matches" | "actions" | "retries"> & {
  readonly operations: readonly Operation[];
  readonly endedGames: readonly string[];
  readonly endedInOrder: boolean;
};

/**
 * Plays, measures, waits until everything has come to rest, and checks. Whatever happens, it ends what it started.
 * @throws Error if the programs or the stores cannot be started, or the signal fires
 */
export async function runLoad(
  options: Options,
  given: GivenServers,
  say: Say,
  signal: AbortSignal,
): Promise<LoadResult> {
  const stores = await openStores(given, "load");
  try {
    const { operations, endedGames, endedInOrder, ...measured } = await playAll(options, stores, say, signal);
    say("checking Redis, Postgres and the replays");
    const witness = await Witness.open(stores);
    try {
      const stored = { ...(await witness.leftovers()), history: await witness.history() };
      const evidence = { operations, endedGames, endedInOrder, ...stored, kills: 0, wantedKills: 0 };
      const retries = tally(operations.flatMap(({ silences }) => silences));
      const findings = [
        ...check(evidence, cardLogReader()),
        atMost("errors", total(measured.errors), 0),
        atLeast("matches ended", endedGames.length, options.matches),
        ...(options["p99-ms"] > 0
          ? [atMost("p99 of an action, ms", Math.round(measured.action.p99), options["p99-ms"])]
          : []),
      ];
      const acknowledged = operations.filter((one) => isAction(one) && one.outcome === "acknowledged");
      const counts = { matches: endedGames.length, actions: acknowledged.length, retries };
      return { seed: options.seed, ...counts, ...measured, findings };
    } finally {
      await witness.close();
    }
  } finally {
    await stores.close();
  }
}

async function playAll(options: Options, stores: MatchStores, say: Say, signal: AbortSignal): Promise<Measured> {
  const { servers, verbose } = options;
  const jwtSecret = randomBytes(32).toString("base64url");
  const programs = await Programs.start({ stores, jwtSecret, servers, verbose }, signal);
  const clients: Client[] = [];
  try {
    for (const work of worksOf(options, programs.serverUrls, jwtSecret)) clients.push(await startClient(work));
    const results = Promise.all(clients.map(({ result }) => result));
    const measured = await Promise.race([measure(options, programs, clients, say, signal), results.then(tooEarly)]);
    const all = await results;
    signal.throwIfAborted();
    const endedGames = all.flatMap((result) => result.endedGames);
    say(`all ${endedGames.length} matches are over; waiting until everything is flushed and archived`);
    await waitForRest(stores, endedGames.length, say, signal);
    signal.throwIfAborted();
    const operations = all.flatMap((result) => result.operations);
    return {
      ...measured,
      ...figures(all, options.seconds),
      operations,
      endedGames,
      endedInOrder: await programs.stop(),
    };
  } finally {
    for (const one of clients) one.kill();
    await programs.kill();
  }
}

function tooEarly(): never {
  throw new Error("the players left before they had to");
}

function worksOf(options: Options, serverUrls: readonly string[], jwtSecret: string): readonly ClientWork[] {
  const processes = Math.min(options.matches, options.clients);
  const random = seeded(options.seed);
  return Array.from({ length: processes }, (_, index) => {
    const matches = Math.floor((options.matches + index) / processes);
    const seed = Math.floor(fork(random)() * 2 ** 32);
    const rampMs = options["ramp-seconds"] * 1_000;
    return { serverUrls, jwtSecret, matches, rampMs, thinkMs: options["think-ms"], seed };
  });
}

async function measure(
  options: Options,
  programs: Programs,
  clients: readonly Client[],
  say: Say,
  signal: AbortSignal,
): Promise<Pick<Measured, "servers">> {
  const { matches, servers, seconds } = options;
  say(`${servers} servers are up; ${matches} matches begin over ${options["ramp-seconds"]} s (seed ${options.seed})`);
  // The first views and the last match's beginning are not what is measured.
  await pause(options["ramp-seconds"] * 1_000 + options["think-ms"], signal);
  say(`measuring for ${seconds} s`);
  const used = await measureUsage(programs.metricsUrls);
  for (const one of clients) one.enter("measure");
  await pause(seconds * 1_000, signal);
  for (const one of clients) one.enter("leave");
  return { servers: await used() };
}

function figures(results: readonly ClientResult[], seconds: number) {
  const writeBehind = results.flatMap((result) => result.writeBehindMs);
  const durable = results.flatMap((result) => result.durableMs);
  const all = [...writeBehind, ...durable];
  return {
    actionsPerSecond: all.length / seconds,
    action: spreadOf(all),
    writeBehind: spreadOf(writeBehind),
    durable: spreadOf(durable),
    end: spreadOf(results.flatMap(({ operations }) => operations.flatMap(endMs))),
    push: spreadOf(results.flatMap((result) => result.pushMs)),
    errors: tally(results.flatMap((result) => result.errors)),
    clientDelayP99Ms: Math.max(...results.map((result) => result.ownDelayP99Ms)),
  };
}

const endMs = ({ operation, outcome, tookMs }: Operation) =>
  operation === "concede" && outcome === "acknowledged" ? [tookMs] : [];

const total = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function atMost(name: string, found: number, most: number): Finding {
  const ok = found <= most;
  return { name, found, wanted: `≤ ${most}`, ok, failures: ok ? [] : [`${found}, wanted at most ${most}`] };
}
