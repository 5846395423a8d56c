import type { UnflushedCopy } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { cleanGame, copyIn, hitIn, writeOf } from "../../fixtures.js";
import type { CacheBench } from "../cache-under-test.js";

/** Every write appends one entry, its number; so a copy of one version counts the same everywhere. */
const countIn = (state: string): number => Number(JSON.parse(state).count);

function expectOneVersion(copy: UnflushedCopy): void {
  const revision = Number(copy.version.split(".")[1]);
  expect([countIn(copy.state), copy.logCount, copy.turnNumber]).toEqual([revision, revision, revision]);
  expect(copy.entries).toEqual(Array.from({ length: copy.entries.length }, (_, n) => String(revision - n)).reverse());
  expect(copy.writeIds.endsWith(`@${copy.version}`)).toBe(true);
}

export function logAndStateTests(bench: () => CacheBench): void {
  describe("log and state", () => {
    test("are always of one version, while several write, flush and read", async () => {
      const { cache, other } = bench();
      const start = { state: '{"count":5}', logCount: 5, turnNumber: 5 };
      const { gameId } = await cleanGame(cache, start);
      const [writers, writesEach] = [4, 15];
      let writing = true;

      const write = async (by: typeof cache) => {
        for (let done = 0; done < writesEach; ) {
          const { version, state } = hitIn(await by.read(gameId));
          const count = countIn(state) + 1;
          const request = { state: `{"count":${count}}`, entries: [String(count)], turnNumber: count };
          if ((await by.write(gameId, writeOf(version, { ...request, flushWithinMs: 0 }))).kind === "ok") done += 1;
        }
      };
      const flush = async (by: typeof cache) => {
        while (writing) {
          const { copies } = await by.claim({ limit: 10, hideMs: 0 });
          for (const copy of copies) {
            expectOneVersion(copy);
            await by.ack(gameId, copy.version, copy.logCount);
          }
        }
      };
      const read = async (by: typeof cache) => {
        while (writing) {
          const { version, state } = hitIn(await by.read(gameId));
          expect(`20.${countIn(state)}`).toBe(version);
        }
      };
      const written = Promise.all(Array.from({ length: writers }, (_, n) => write(n % 2 === 0 ? cache : other)));
      const watched = Promise.all([flush(cache), flush(other), read(other)]);
      await written;
      writing = false;
      await watched;
      const last = await copyIn(cache, gameId);
      expectOneVersion(last);
      expect(last.version).toBe(`20.${5 + writers * writesEach}`);
    });

    test("flushed entries and the tail together are the whole log, however the flushes fall", async () => {
      const { cache } = bench();
      const { gameId } = await cleanGame(cache, { state: '{"count":0}', logCount: 0, writeIds: "" });
      const flushed: string[] = [];
      for (let n = 1; n <= 20; n++) {
        const { version } = await copyIn(cache, gameId);
        await cache.write(
          gameId,
          writeOf(version, { entries: Array.from({ length: n % 4 }, (_, i) => `"${n}.${i}"`) }),
        );
        if (n % 3 !== 0) continue;
        const copy = await copyIn(cache, gameId);
        flushed.push(...copy.entries.slice(flushed.length - (copy.logCount - copy.entries.length)));
        if (n % 2 === 0) await cache.ack(gameId, copy.version, copy.logCount);
      }
      const { entries, logCount } = await copyIn(cache, gameId);
      flushed.push(...entries.slice(flushed.length - (logCount - entries.length)));
      const all = Array.from({ length: 20 }, (_, n) => n + 1).flatMap((n) =>
        Array.from({ length: n % 4 }, (_, i) => `"${n}.${i}"`),
      );
      expect(flushed).toEqual(all);
      expect(logCount).toBe(all.length);
    });
  });
}
