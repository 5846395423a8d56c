import { TurnkeepError } from "@turnkeep/core";
import type { Flusher } from "./background/flusher.js";
import type { Context } from "./context.js";
import type { Watching } from "./watch/watching.js";

/**
 * Connects and checks both sides, then starts the flusher. Where one side fails, the other is closed again.
 * @throws Misconfigured, CacheUnavailable, StoreUnavailable; NotRunning once it has been closed
 */
export async function start<State extends object>(ctx: Context<State>, flusher: Flusher<State>): Promise<void> {
  if (ctx.lifecycle.state !== "idle") {
    throw new TurnkeepError("NotRunning", "a manager is started once", {});
  }
  ctx.lifecycle.become("starting");
  const sides = [ctx.cache, ctx.store];
  const started = await Promise.allSettled(sides.map((side) => side.start()));
  // Its first beat asks the store, so the store has to be there.
  const isStarted = started.every(({ status }) => status === "fulfilled");
  if (isStarted) started.push(...(await Promise.allSettled([ctx.serviceClock.start()])));
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await Promise.allSettled(sides.map((side) => side.close()));
    ctx.lifecycle.become("closed");
    throw failed.reason;
  }
  if (!ctx.cache.detectsFailover) {
    ctx.log.warn({}, "the cache cannot tell a failover from health, so every write is durable");
  }
  ctx.lifecycle.become("running");
  if (ctx.settings.runFlusher) flusher.start();
}

/**
 * Takes no new calls, waits for those under way, ends all watching, flushes what this process wrote, and closes both
 * sides. Safe to call twice, before `start`, and during it.
 */
export async function close<State extends object>(
  ctx: Context<State>,
  flusher: Flusher<State>,
  watching: Watching<State>,
): Promise<void> {
  if (ctx.lifecycle.state === "starting") await ctx.lifecycle.past("starting");
  if (ctx.lifecycle.state !== "running") {
    if (ctx.lifecycle.state === "idle") ctx.lifecycle.become("closed");
    return ctx.lifecycle.past("closing");
  }
  ctx.lifecycle.become("closing");
  await watching.close();
  await ctx.lifecycle.quiet();
  await ctx.serviceClock.stop();
  await flusher.stop();
  await flusher.drain();
  const results = await Promise.allSettled([ctx.cache.close(), ctx.store.close()]);
  for (const result of results) {
    if (result.status === "rejected") ctx.log.warn({ err: result.reason }, "a connection did not close cleanly");
  }
  ctx.lifecycle.become("closed");
}
