import { startRedis } from "@turnkeep/dev-services";
import { expect, onTestFinished, test, vi } from "vitest";
import { createRedisCache } from "../index.js";
import {
  closeBench,
  hastyCache,
  madeBy,
  newGameId,
  openBench,
  patient,
  sealOf,
  useBench,
  whileFrozen,
  writeOf,
} from "../testing/fixtures.js";

const bench = useBench();
const ignore = () => undefined;

test("changes of a game reach every cache that watches it, in order, and `gone` at its eviction", async () => {
  const { cache, install, prefix, url } = bench();
  const other = createRedisCache({ url, keyPrefix: prefix, ...patient });
  await other.start();
  onTestFinished(() => other.close());
  const [id, another] = [newGameId(), newGameId()];
  const [here, there]: [string[], string[]] = [[], []];
  await cache.subscribe(id, (change) => here.push(change), ignore);
  await other.subscribe(id, (change) => there.push(change), ignore);
  const at = await install(id);
  await cache.write(another, writeOf(await install(another)));
  const next = madeBy(await cache.write(id, writeOf(at)));
  await cache.write(id, writeOf(at));
  await other.seal(id, sealOf(next));
  await other.evict(id);
  await vi.waitFor(() => expect([here.length, there.length]).toEqual([3, 3]));
  expect(here).toEqual(["20.6", "20.7", "gone"]);
  expect(there).toEqual(here);
});

test("a channel is subscribed once for all who listen, and given up with the last", async () => {
  const { cache, redis, keyring, install } = bench();
  const id = newGameId();
  const { channel } = keyring.of(id);
  const [first, second] = [vi.fn(), vi.fn()];
  const stopFirst = await cache.subscribe(id, first, ignore);
  const stopSecond = await cache.subscribe(id, second, ignore);
  expect(await redis.pubsub("NUMSUB", channel)).toEqual([channel, 1]);
  stopFirst();
  stopFirst();
  await cache.write(id, writeOf(await install(id)));
  await vi.waitFor(() => expect(second).toHaveBeenCalledWith("20.6"));
  expect(first).not.toHaveBeenCalled();
  stopSecond();
  await vi.waitFor(async () => expect(await redis.pubsub("NUMSUB", channel)).toEqual([channel, 0]));
});

test("after a lost connection the channels are subscribed again, and then the listeners learn of the gap", async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const own = await openBench(server.url);
  onTestFinished(() => closeBench(own));
  const id = newGameId();
  const [onChange, onGap] = [vi.fn(), vi.fn()];
  await own.cache.subscribe(id, onChange, onGap);
  expect(onGap).not.toHaveBeenCalled();
  await own.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await vi.waitFor(() => expect(onGap).toHaveBeenCalledTimes(1));
  await own.cache.write(id, writeOf(await own.install(id)));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledWith("20.6"));
});

test("a message that is no change counts as a gap, and the next change is heard", async () => {
  const { cache, redis, keyring, install } = bench();
  const id = newGameId();
  const [onChange, onGap] = [vi.fn(), vi.fn()];
  await cache.subscribe(id, onChange, onGap);
  for (const message of ['{"v":2}', "", "20", "20.6.1", "GONE", "20.06"]) {
    expect(await redis.publish(keyring.of(id).channel, message)).toBe(1);
  }
  await cache.write(id, writeOf(await install(id)));
  await vi.waitFor(() => expect(onChange.mock.calls).toEqual([["20.6"]]));
  expect(onGap).toHaveBeenCalledTimes(6);
});

test("a subscription that cannot be made throws, and leaves nothing behind", async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const own = await openBench(server.url);
  onTestFinished(() => closeBench(own));
  const hasty = await hastyCache(own, 300);
  await server.kill();
  await expect(hasty.subscribe(newGameId(), ignore, ignore)).rejects.toMatchObject({
    code: "CacheUnavailable",
    details: { fate: "notDone" },
  });
});

test("a connection that has died in silence is noticed, and the listeners learn of the gap", async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const [onChange, onGap, onWarning] = [vi.fn(), vi.fn(), vi.fn()];
  const own = await openBench(server.url);
  onTestFinished(() => closeBench(own));
  const watcher = await hastyCache(own, 300, { advanced: { heartbeatMs: 100 }, onWarning });
  const id = newGameId();
  await vi.waitFor(() => watcher.subscribe(id, onChange, onGap));
  await whileFrozen(server.pid, async () => {
    // Of a connection that a busy machine has cost before, nothing counts.
    onGap.mockClear();
    onWarning.mockClear();
    const lost = expect.stringMatching(/subscriber/);
    await vi.waitFor(() => expect(onWarning).toHaveBeenCalledWith(lost));
    expect(onGap).not.toHaveBeenCalled();
  });
  await vi.waitFor(() => expect(onGap).toHaveBeenCalled());
  await own.cache.write(id, writeOf(await own.install(id)));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledWith("20.6"));
});
