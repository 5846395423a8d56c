import { ownTimeOf, type RunningServer, startRedis } from "@turnkeep/dev-services";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { scripts } from "../generated/scripts.js";
import {
  type Bench,
  closeBench,
  hastyCache,
  madeBy,
  newGameId,
  openBench,
  rowOf,
  sealOf,
  version,
  whileFrozen,
  writeOf,
} from "../testing/fixtures.js";

let server: RunningServer;
let own: Bench;

/** A server of this test's own, since the test disturbs it. */
async function setUp() {
  server = await startRedis();
  onTestFinished(() => server.stop());
  own = await openBench(server.url);
  onTestFinished(() => closeBench(own));
}

async function restart(dataDir: string): Promise<void> {
  const { port } = server;
  await server.kill();
  server = await startRedis({ port, dataDir, appendonly: true });
  onTestFinished(() => server.stop());
}

describe("a Redis that was killed and came back", () => {
  test("with its data, serves nothing until it has been compared, and keeps what only it has", async () => {
    const first = await startRedis({ appendonly: true, extraArgs: ["--appendfsync", "always"] });
    server = first;
    onTestFinished(() => first.stop());
    own = await openBench(server.url);
    onTestFinished(() => closeBench(own));
    const id = newGameId();
    const at = madeBy(await own.cache.write(id, writeOf(await own.install(id), { flushWithinMs: 0 })));
    const loading = newGameId();
    await own.cache.read(loading, { token: "before" });

    await restart(first.dataDir);
    expect(await own.cache.read(id, { known: at, token: "load" })).toEqual({ kind: "unverified" });
    expect(await own.cache.write(id, writeOf(at))).toEqual({ kind: "unverified" });
    expect(await own.cache.claim({ limit: 10, hideMs: 60_000 })).toMatchObject({
      copies: [],
      unverified: [id],
      absent: [],
      more: false,
    });
    expect(await own.cache.install(loading, "before", rowOf(loading))).toEqual({ kind: "tokenLost" });
    const reply = await own.cache.install(id, "load", rowOf(id, { version: at, fence: "30", logCount: 5 }));
    expect(reply).toEqual({ kind: "ok", version: "30.6", keptUnverified: true });
    expect(await own.cache.read(id)).toMatchObject({ kind: "hit", copy: { version: "30.6" } });
    expect(await own.cache.claimGame(id)).toMatchObject({ version: "30.6", logCount: 5 });
  });
});

describe("scripts", () => {
  beforeEach(() => setUp());

  test("are loaded again after SCRIPT FLUSH", async () => {
    const id = newGameId();
    const at = await own.install(id);
    await own.redis.script("FLUSH");
    const replies = [
      (await own.cache.readPage([{ gameId: id, token: undefined }]))[0],
      madeBy(await own.cache.write(id, writeOf(at))),
      (await own.cache.claimGame(id))?.version,
      await own.cache.evict(id),
    ];
    expect(replies).toEqual(["served", "20.6", "20.6", "ok"]);
  });

  /** The commands that this Redis gets while the work runs, without those of scripts. */
  async function commandsOf(work: () => Promise<unknown>): Promise<string[]> {
    const sent: string[] = [];
    const monitor = await own.redis.monitor();
    onTestFinished(() => monitor.disconnect());
    monitor.on("monitor", (_time: string, args: string[], source: string) => {
      if (source !== "lua") sent.push((args[0] ?? "").toLowerCase());
    });
    await work();
    const marker = own.redis.echo("done");
    await vi.waitFor(() => expect(sent).toContain("echo"));
    await marker;
    return sent.filter((command) => command !== "echo");
  }

  test("a hit, a load begun, an install, a write and an acknowledgement are one command each, from the first on", async () => {
    const id = newGameId();
    const sent = await commandsOf(async () => {
      const at = await own.install(id);
      await own.cache.read(id);
      const next = madeBy(await own.cache.write(id, writeOf(at)));
      const sealed = madeBy(await own.cache.seal(id, sealOf(next)));
      await own.cache.claim({ limit: 10, hideMs: 1_000, dueWithinMs: 60_000 });
      await own.cache.ack(id, sealed, 6);
      await own.cache.evict(id);
    });
    expect(sent).toEqual(Array(8).fill("evalsha"));
  });

  test("a batch of many games is acknowledged by one command", async () => {
    const ids = Array.from({ length: 100 }, newGameId);
    const written = await Promise.all(
      ids.map(async (id) => ({ id, at: madeBy(await own.cache.write(id, writeOf(await own.install(id)))) })),
    );
    const sent = await commandsOf(() => Promise.all(written.map(({ id, at }) => own.cache.ack(id, at, 5))));
    expect(sent).toEqual(["evalsha"]);
    expect(await own.cache.backlog()).toMatchObject({ games: 0 });
  });

  test("installs that come together are twenty a command, each with its own answer", async () => {
    const ids = Array.from({ length: 50 }, newGameId);
    await Promise.all(ids.slice(1).map((id) => own.cache.read(id, { token: "load" })));
    const sent = await commandsOf(async () => {
      const replies = await Promise.all(ids.map((id) => own.cache.install(id, "load", rowOf(id))));
      expect(replies.map(({ kind }) => kind)).toEqual(["tokenLost", ...Array(49).fill("ok")]);
    });
    expect(sent).toEqual(Array(3).fill("evalsha"));
  });
});

describe("a Redis that does not answer", () => {
  test("fails a call in its time: sent without a reply is unknown, and play goes on afterwards", async () => {
    await setUp();
    const id = newGameId();
    const at = await own.install(id);
    const hasty = await hastyCache(own, 400);
    await vi.waitFor(() => hasty.ping());
    const request = writeOf(at);
    await whileFrozen(server.pid, async () => {
      const ms = await ownTimeOf(() =>
        expect(hasty.write(id, request)).rejects.toMatchObject({
          code: "CacheUnavailable",
          details: { fate: "unknown" },
        }),
      );
      expect(ms).toBeLessThan(800);
    });
    // The write was only delayed: its retry is recognised.
    await vi.waitFor(async () => {
      expect(await hasty.write(id, request)).toMatchObject({ kind: "duplicate", madeVersion: "20.6" });
    });
  });

  test("a call whose signal fires is Aborted: unknown once sent, not done before", async () => {
    await setUp();
    const id = newGameId();
    const at = await own.install(id);
    await expect(own.cache.write(id, writeOf(at), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "Aborted",
      details: { fate: "notDone" },
    });
    await whileFrozen(server.pid, () =>
      expect(own.cache.write(id, writeOf(at), { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
        code: "Aborted",
        details: { fate: "unknown" },
      }),
    );
  });

  test("a connection that swallows answers is opened anew", async () => {
    await setUp();
    const clients = async () =>
      String(await own.redis.client("LIST"))
        .split("\n")
        .filter((line) => line.includes("name=turnkeep:commands"))
        .map((line) => /id=(\d+)/.exec(line)?.[1]);
    const others = await clients();
    const hasty = await hastyCache(own, 400);
    const before = (await clients()).filter((id) => !others.includes(id));
    expect(before).toHaveLength(1);
    await whileFrozen(server.pid, async () => {
      for (let tries = 0; tries < 3; tries++)
        await expect(hasty.ping()).rejects.toMatchObject({ code: "CacheUnavailable" });
    });
    await vi.waitFor(() => hasty.ping());
    expect(await clients()).not.toContain(before[0]);
  });
});

describe("a Redis that is gone", () => {
  test("fails calls that were never sent as not done, within their time", async () => {
    await setUp();
    const id = newGameId();
    const at = await own.install(id);
    const hasty = await hastyCache(own, 400);
    await server.kill();
    await vi.waitFor(async () => {
      await expect(hasty.write(id, writeOf(at))).rejects.toMatchObject({
        code: "CacheUnavailable",
        details: { fate: "notDone" },
      });
    });
    const ms = await ownTimeOf(() => expect(hasty.read(id)).rejects.toMatchObject({ code: "CacheUnavailable" }));
    expect(ms).toBeLessThan(800);
  });

  test("empty when it comes back, it has lost tokens and copies", async () => {
    await setUp();
    const [id, loading] = [newGameId(), newGameId()];
    const at = await own.install(id);
    await own.cache.read(loading, { token: "load" });
    await own.redis.flushall();
    expect(await own.cache.write(id, writeOf(at))).toEqual({ kind: "miss" });
    expect(await own.cache.install(loading, "load", rowOf(loading))).toEqual({ kind: "tokenLost" });
  });
});

describe("a Redis that refuses writes", () => {
  test("out of memory: not done, and what was there stays as it was", async () => {
    await setUp();
    const [dirty, clean] = [newGameId(), newGameId()];
    const at = madeBy(await own.cache.write(dirty, writeOf(await own.install(dirty))));
    const unwritten = await own.install(clean);
    await own.redis.config("SET", "maxmemory", "1");
    const full = { code: "CacheUnavailable", message: expect.stringMatching(/memory/), details: { fate: "notDone" } };
    await expect(own.cache.write(dirty, writeOf(at))).rejects.toMatchObject(full);
    await expect(own.cache.write(clean, writeOf(unwritten))).rejects.toMatchObject(full);
    expect(await own.cache.read(dirty)).toMatchObject({ copy: { version: at } });
    expect(await own.cache.claimGame(dirty)).toMatchObject({ version: at, logCount: 5 });
    expect(await own.cache.read(clean)).toMatchObject({ copy: { version: unwritten } });
    expect(await own.lifetimes(dirty)).toEqual([-1, -1, -1]);
    await own.redis.config("SET", "maxmemory", "0");
    expect(await own.cache.write(clean, writeOf(unwritten))).toMatchObject({ kind: "ok" });
  });

  test("out of memory: all that saves games and frees memory works on", async () => {
    await setUp();
    const [dirty, forked, unverified] = [newGameId(), newGameId(), newGameId()];
    const write = async (id: string) => madeBy(await own.cache.write(id, writeOf(await own.install(id))));
    const at = await write(dirty);
    await write(forked);
    const kept = await write(unverified);
    await own.makeUnverified(unverified);
    await own.redis.config("SET", "maxmemory", "1");
    const { copies } = await own.cache.claim({ limit: 10, hideMs: 60_000, dueWithinMs: 60_000 });
    expect(copies).toHaveLength(2);
    await own.cache.adopt(dirty, "20", "21");
    expect(await own.cache.claimGame(dirty)).toMatchObject({ version: at, fence: "21" });
    expect(await own.cache.ack(dirty, at, 5)).toBe("ok");
    expect(await own.cache.reset(forked, "20", rowOf(forked, { version: version("25", "1"), fence: "26" }))).toBe(true);
    expect(await own.cache.read(unverified, { token: "load" })).toEqual({ kind: "unverified" });
    expect(await own.cache.install(unverified, "load", rowOf(unverified, { fence: "30" }))).toMatchObject({
      kind: "ok",
      keptUnverified: true,
    });
    expect(await own.cache.claimGame(unverified, { onlyDirty: true })).toMatchObject({
      version: kept.replace("20", "30"),
    });
    expect(await own.cache.evict(dirty, at)).toBe("ok");
  });

  test("a master that became a replica: not done; back as master, its copies are unverified", async () => {
    await setUp();
    const id = newGameId();
    const at = await own.install(id);
    await own.redis.call("REPLICAOF", "127.0.0.1", "1");
    await expect(own.cache.write(id, writeOf(at))).rejects.toMatchObject({
      code: "CacheUnavailable",
      details: { fate: "notDone" },
    });
    await own.redis.call("REPLICAOF", "NO", "ONE");
    expect(await own.cache.write(id, writeOf(at))).toEqual({ kind: "unverified" });
  });
});

test("every script of the package is one that this Redis accepts", async () => {
  await setUp();
  for (const { lua, sha } of Object.values(scripts)) expect(await own.redis.script("LOAD", lua)).toBe(sha);
});
