import { randomBytes } from "node:crypto";
import { cardLogReader } from "../check/card-log.js";
import { check, type Finding } from "../check/check.js";
import { Witness } from "../check/witness.js";
import type { GivenServers } from "../config.js";
import type { Options } from "../options.js";
import { seeded } from "../random.js";
import { type Play, play } from "./play.js";
import { Programs } from "./programs.js";
import type { Progress } from "./progress.js";
import { type DemoStores, openStores } from "./stores.js";
import { waitUntil } from "./wait.js";

export interface DemoResult {
  readonly seed: number;
  readonly seconds: number;
  readonly matches: number;
  /** How often clients asked again, and how often the server then recognised what it had done already. */
  readonly retries: number;
  readonly recognised: number;
  readonly findings: readonly Finding[];
}

const settleMs = 60_000;
const sayEveryMs = 5_000;

/**
 * Plays, kills, waits until everything has come to rest, and judges. Whatever happens, it ends what it started.
 * @throws Error if the programs or the stores cannot be started, or the signal fires
 */
export async function runDemo(
  options: Options,
  given: GivenServers,
  progress: Progress,
  signal: AbortSignal,
): Promise<DemoResult> {
  const began = performance.now();
  const stores = await openStores(given);
  try {
    progress.say(`seed ${options.seed}; the stores are up`);
    const played = await playAll(options, stores, progress, signal);
    progress.say("checking Redis, Postgres and the replays");
    const witness = await Witness.open(stores);
    try {
      const stored = { ...(await witness.leftovers()), history: await witness.history() };
      const findings = check({ ...played, ...stored, wantedKills: options.kills }, cardLogReader());
      const { matchesFinished: matches, retries, recognised } = progress.counts;
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      return { seed: options.seed, seconds, matches, retries, recognised, findings };
    } finally {
      await witness.close();
    }
  } finally {
    await stores.close();
  }
}

/** From the start of the programs to their end; they rest before they are asked to end. */
async function playAll(
  options: Options,
  stores: DemoStores,
  progress: Progress,
  signal: AbortSignal,
): Promise<Play & { readonly endedInOrder: boolean }> {
  const { matches, kills, seed, verbose } = options;
  const jwtSecret = randomBytes(32).toString("base64url");
  const programs = await Programs.start({ stores, jwtSecret, verbose }, signal);
  try {
    progress.say(`the server is up; ${matches} matches at once begin`);
    const {
      operations,
      endedGames,
      kills: killed,
    } = await play({ programs, jwtSecret, matches, kills, random: seeded(seed), progress }, signal);
    signal.throwIfAborted();
    progress.say(`all ${endedGames.length} matches are over; waiting until everything is flushed and archived`);
    await rest(stores, endedGames.length, progress, signal);
    signal.throwIfAborted();
    return { operations, endedGames, kills: killed, endedInOrder: await programs.stop() };
  } finally {
    await programs.kill();
  }
}

/** Waits until history has every game and nothing else is left; what is not so after the time is the checker's affair. */
async function rest(stores: DemoStores, games: number, progress: Progress, signal: AbortSignal): Promise<void> {
  const witness = await Witness.open(stores);
  let sayAfter = performance.now() + sayEveryMs;
  const holds = async () => {
    const { activeRows, redisKeys } = await witness.leftovers();
    const history = await witness.historyCount();
    if (performance.now() > sayAfter) {
      sayAfter += sayEveryMs;
      const some = redisKeys.slice(0, 3).join(" ");
      progress.say(`still: ${activeRows.length} active rows, ${games - history} not in history, Redis keys: ${some}`);
    }
    return activeRows.length + redisKeys.length === 0 && history >= games;
  };
  try {
    await waitUntil(holds, { withinMs: settleMs, everyMs: 100, signal });
  } finally {
    await witness.close();
  }
}
