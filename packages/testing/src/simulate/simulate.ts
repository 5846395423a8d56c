import { type GameDefinition, systemRuntime } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { createCacheSpace, createStoreSpace } from "@turnkeep/memory";
import { messageOf } from "../checks/check.js";
import type { GameUnderTest } from "../game-under-test.js";
import { Service } from "./service.js";

export interface SimulationOptions {
  /** Decides all chance: the same seed gives the same run. Default a random one. */
  readonly seed?: number | undefined;
  /** How long the games are played, in days of virtual time; default 30. */
  readonly days?: number | undefined;
  /** How many times a server is killed at a random step; default 50. */
  readonly crashes?: number | undefined;
  /** Games at once; one that is over is followed by another. Default 3. */
  readonly games?: number | undefined;
}

/** What happened in a simulation in which nothing was lost. */
export interface Simulation {
  readonly seed: number;
  readonly moves: number;
  /** Deadlines that were enforced. */
  readonly deadlines: number;
  readonly crashes: number;
  readonly lostReplies: number;
  /** Games that came to an end, and were found in history. */
  readonly ended: number;
}

const dayMs = 86_400_000;
const movesADay = 6;

/**
 * Plays games by correspondence on two servers in memory, in virtual time: servers are killed at random steps and replies
 * are lost, and the players ask again. Then all servers and the whole cache are lost. What was acknowledged has to be
 * there, in each answer and in the end: states, logs, results.
 * @throws Error that names the seed, what differs, and the game; also what the rules throw
 */
export async function simulate<State extends object, View, Move>(
  game: GameDefinition<State, View>,
  how: GameUnderTest<State, Move>,
  options: SimulationOptions = {},
): Promise<Simulation> {
  const { seed = Math.floor(systemRuntime.random() * 2 ** 31), days = 30, crashes = 50, games = 3 } = options;
  const runtime = createVirtualRuntime({ seed });
  const [cacheSpace, storeSpace] = [createCacheSpace({ runtime }), createStoreSpace({ runtime })];
  const world = { game, runtime, cacheSpace, storeSpace, faulty: true, lostReplies: 0 };
  const service = new Service(world, how);
  const events = Math.max(1, days * movesADay, crashes);
  try {
    await service.start();
    for (let event = 1; event <= events; event++) {
      service.crashesDue = Math.floor((crashes * event) / events);
      while (service.live.length < games) await service.begin();
      await runtime.jump(Math.floor((runtime.random() * 2 * days * dayMs) / events));
      await service.enforceDeadlines();
      await service.move();
    }
    while (service.crashes < crashes) await service.enforceDeadlines();
    await service.verify();
  } catch (cause) {
    throw new Error(`in the simulation of seed ${seed}, ${messageOf(cause)}`, { cause });
  }
  const { moves, deadlines, ended } = service.counts();
  return { seed, moves, deadlines, crashes: service.crashes, lostReplies: world.lostReplies, ended };
}
