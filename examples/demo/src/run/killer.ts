import { between, type Random } from "@turnkeep/match-kit";
import { pause } from "@turnkeep/service-kit";

export interface KillerOptions {
  readonly kills: number;
  readonly random: Random;
  /** How long the server is left alone after it came up, at least and at most, in ms. */
  readonly restMs: readonly [number, number];
  /** SIGKILL; resolves once the process is gone. */
  readonly kill: () => Promise<void>;
  /** Starts the server again; resolves once it is ready. */
  readonly restart: () => Promise<void>;
  readonly onKilled: (kills: number) => void;
}

/** Kills the server at random moments so many times, and starts it again each time. Returns how often it did. */
export async function keepKilling(options: KillerOptions, signal: AbortSignal): Promise<number> {
  const { random, restMs } = options;
  for (let kills = 0; kills < options.kills; kills += 1) {
    await pause(between(random, ...restMs), signal);
    if (signal.aborted) return kills;
    await options.kill();
    options.onKilled(kills + 1);
    await options.restart();
  }
  return options.kills;
}
