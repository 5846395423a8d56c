import { setTimeout as delay } from "node:timers/promises";
import type { Limit } from "../contenders/limit.js";
import type { Naive } from "../contenders/naive.js";
import { recoverNaively, recoverPlainly } from "../contenders/recover.js";
import { openTurnkeep } from "../contenders/turnkeep.js";
import { type Measured, repeated } from "../measure/operation.js";
import { act } from "../states/act.js";
import { gameIdOf } from "../states/played-game.js";
import type { Task, Working } from "./task.js";

const atOnce = 64;
/** A prime, so that steps of this size come by every game before any comes again. */
const step = 7_919;

/** Acts on all games in turn, far from each other. */
function acting({ games, runMs }: Task, actOn: (gameId: string) => Promise<unknown>): Measured {
  let next = 0;
  return repeated({ runMs }, atOnce, () => {
    next = (next + step) % games;
    return actOn(gameIdOf(next));
  });
}

/** What is in use once garbage is gone. */
function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const megabytes = (bytes: number) => bytes / 1_000_000;

/** A server that holds nothing: read, parse, act, write. */
export async function actLimited(limit: Limit, task: Task): Promise<Working> {
  await recoverPlainly(limit);
  const measured = acting(task, async (gameId) => limit.set(act(await limit.get(gameId))));
  return { ...measured, rest: async () => {}, close: limit.close };
}

export async function actNaively(naive: Naive, task: Task): Promise<Working> {
  await recoverNaively(naive);
  const measured = acting(task, async (gameId) => naive.set(act(await naive.get(gameId))));
  return { ...measured, rest: async () => {}, close: naive.close };
}

/** Says besides how late the flush was during a run, and how much memory this process has. */
export async function actWithTurnkeep(task: Task): Promise<Working> {
  const { site, games, localCopyBytes } = task;
  const manager = await openTurnkeep(site, {
    validateWrites: "turns",
    ...(localCopyBytes === null ? {} : { localCopyBytes }),
  });
  let latestMs = 0;
  manager.events.on("flush:backlog", ({ oldestOverdueMs }) => {
    latestMs = Math.max(latestMs, oldestOverdueMs);
  });
  await manager.recoverActiveGames();
  const before = heapBytes();
  const held: Record<string, number> = {};
  if (localCopyBytes !== null) {
    for (let number = 0; number < games; number += 1) await manager.loadState(gameIdOf(number));
    held["KB a held game"] = (heapBytes() - before) / games / 1_000;
  }
  const measured = acting(task, (gameId) => manager.update(gameId, act));
  return {
    ...measured,
    async run() {
      latestMs = 0;
      const sample = await measured.run();
      latestMs = Math.max(latestMs, (await manager.backlog()).oldestOverdueMs);
      const { rss } = process.memoryUsage();
      return { ...sample, extra: { "flush late, ms": latestMs, "memory, MB": megabytes(rss), ...held } };
    },
    async rest() {
      while ((await manager.backlog()).games > 0) await delay(50);
    },
    close: () => manager.close(),
  };
}
