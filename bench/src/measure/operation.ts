import { type Traffic, trafficNow, trafficSince } from "./network.js";
import { medianOf } from "./statistics.js";

/** One run of an operation. */
export interface Sample {
  readonly operations: number;
  readonly elapsedMs: number;
  readonly latenciesMs: readonly number[];
  /** Set where the client is not this process. */
  readonly clientCpuUs?: number;
  readonly extra?: Readonly<Record<string, number>>;
}

/** One contender's way to do what a row measures. */
export interface Measured {
  /** Before each run, not measured. */
  prepare?(): Promise<unknown>;
  run(): Promise<Sample>;
  /** Warms it up, and says what one operation exchanges with the servers. */
  traffic(): Promise<Traffic>;
  close?(): Promise<unknown>;
}

export interface Pace {
  /** How long one run of a repeated operation lasts. */
  readonly runMs: number;
}

const countedAlone = 15;

/** An operation that is repeated for a while by so many at once; `operate` learns which of them it is. */
export function repeated({ runMs }: Pace, atOnce: number, operate: (worker: number) => Promise<unknown>): Measured {
  const run = async () => {
    const latenciesMs: number[] = [];
    const begun = performance.now();
    const worker = async (index: number) => {
      let before = performance.now();
      while (before - begun < runMs) {
        await operate(index);
        const now = performance.now();
        latenciesMs.push(now - before);
        before = now;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, (_, index) => worker(index)));
    return { operations: latenciesMs.length, elapsedMs: performance.now() - begun, latenciesMs };
  };
  return {
    run,
    // The median is that of an operation alone, also where something in the background speaks to the servers as well.
    async traffic() {
      for (let warmUp = 0; warmUp < 2; warmUp += 1) await run();
      const seen: Traffic[] = [];
      for (let count = 0; count < countedAlone; count += 1) {
        const before = trafficNow();
        await operate(0);
        seen.push(trafficSince(before));
      }
      return {
        bytesSent: medianOf(seen.map(({ bytesSent }) => bytesSent)),
        bytesReceived: medianOf(seen.map(({ bytesReceived }) => bytesReceived)),
        roundTrips: medianOf(seen.map(({ roundTrips }) => roundTrips)),
      };
    },
  };
}

export interface Job {
  readonly operations: number;
  prepare?(): Promise<unknown>;
  run(): Promise<unknown>;
}

/** A job that counts as so many operations, and is measured as a whole. */
export function whole({ operations, prepare, run }: Job): Measured {
  return {
    ...(prepare ? { prepare } : {}),
    async run() {
      const begun = performance.now();
      await run();
      return { operations, elapsedMs: performance.now() - begun, latenciesMs: [] };
    },
    async traffic() {
      await prepare?.();
      const before = trafficNow();
      await run();
      const { bytesSent, bytesReceived, roundTrips } = trafficSince(before);
      return {
        bytesSent: bytesSent / operations,
        bytesReceived: bytesReceived / operations,
        roundTrips: roundTrips / operations,
      };
    },
  };
}
