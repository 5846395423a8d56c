import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";

/** Sends one administrator's command to the Redis or Sentinel on this port. */
export async function callRedis(port: number, ...command: readonly [string, ...(string | number)[]]): Promise<unknown> {
  const client = new Redis({ host: "127.0.0.1", port, lazyConnect: true, retryStrategy: null, connectTimeout: 10_000 });
  client.on("error", () => undefined); // connect() and the command itself report it.
  try {
    await client.connect();
    const [name, ...args] = command;
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}

/**
 * Asks again until the condition holds; a call that fails counts as no.
 * @throws Error that names the condition, if it does not hold in time
 */
export async function untilTrue(what: string, timeoutMs: number, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await delay(25);
  }
}
