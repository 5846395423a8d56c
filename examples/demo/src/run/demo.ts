import { randomBytes } from "node:crypto";
import {
  atLeast,
  cardLogReader,
  check,
  type Finding,
  type GivenServers,
  type MatchStores,
  openStores,
  type Played,
  Programs,
  playedIn,
  seeded,
  Witness,
  waitForRest,
} from "@turnkeep/match-kit";
import type { Options } from "../options.js";
import { matchKinds } from "./kinds.js";
import { type Play, play } from "./play.js";
import type { Progress } from "./progress.js";

export interface DemoResult {
  readonly seed: number;
  readonly seconds: number;
  readonly matches: number;
  /** How often clients asked again, and how often the server then recognised what it had done already. */
  readonly retries: number;
  readonly recognised: number;
  readonly findings: readonly Finding[];
  readonly played: Played;
}

/** Which parts of the rules have to come up once every kind of match was played twice. */
const wantedActions = ["evolve", "attachTool", "playTrainer", "playStadium", "retreat", "timeOut", "acceptDraw"];

/**
 * Plays, kills, waits until everything has come to rest, and checks. Whatever happens, it ends what it started.
 * @throws Error if the programs or the stores cannot be started, or the signal fires
 */
export async function runDemo(
  options: Options,
  given: GivenServers,
  progress: Progress,
  signal: AbortSignal,
): Promise<DemoResult> {
  const began = performance.now();
  const stores = await openStores(given, "demo");
  try {
    progress.say(`seed ${options.seed}; the stores are up`);
    const outcome = await playAll(options, stores, progress, signal);
    progress.say("checking Redis, Postgres and the replays");
    const witness = await Witness.open(stores);
    try {
      const stored = { ...(await witness.leftovers()), history: await witness.history() };
      const played = playedIn(stored.history);
      const findings = [
        ...check({ ...outcome, ...stored, wantedKills: options.kills }, cardLogReader()),
        ...wholeGame(options, outcome.kinds, played),
      ];
      const { matchesFinished: matches, retries, recognised } = progress.counts;
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      return { seed: options.seed, seconds, matches, retries, recognised, findings, played };
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
  stores: MatchStores,
  progress: Progress,
  signal: AbortSignal,
): Promise<Play & { readonly endedInOrder: boolean }> {
  const { matches, kills, seed, verbose } = options;
  const jwtSecret = randomBytes(32).toString("base64url");
  const programs = await Programs.start({ stores, jwtSecret, servers: 1, verbose }, signal);
  try {
    progress.say(`the server is up; ${matches} matches at once begin`);
    const playing = { programs, jwtSecret, matches, kills, random: seeded(seed), progress };
    const { operations, endedGames, kinds, kills: killed } = await play(playing, signal);
    signal.throwIfAborted();
    progress.say(`all ${endedGames.length} matches are over; waiting until everything is flushed and archived`);
    await waitForRest(stores, endedGames.length, (text) => progress.say(text), signal);
    signal.throwIfAborted();
    return { operations, endedGames, kinds, kills: killed, endedInOrder: await programs.stop() };
  } finally {
    await programs.kill();
  }
}

/** Where there were matches enough, each kind was played and all that the rules know came up. */
function wholeGame({ matches }: Options, kinds: ReadonlySet<string>, { actions }: Played): readonly Finding[] {
  const cameUp = wantedActions.filter((action) => (actions[action] ?? 0) > 0);
  return [
    atLeast("kinds of matches played", kinds.size, Math.min(matches, matchKinds.length)),
    ...(matches < 2 * matchKinds.length
      ? []
      : [atLeast("parts of the rules that came up", cameUp.length, wantedActions.length)]),
  ];
}
