import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { findRedis } from "./find-redis.js";

afterEach(() => vi.unstubAllEnvs());

test("if there is none, one sentence says what to do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "turnkeep-test-"));
  try {
    vi.stubEnv("PATH", folder);
    const noSources = join(folder, "apt.conf");
    await writeFile(noSources, 'Dir::Etc::sourcelist "/dev/null"; Dir::Etc::sourceparts "/dev/null";');
    vi.stubEnv("APT_CONFIG", noSources);
    await expect(findRedis(join(folder, "tools"))).rejects.toThrow(
      /^No Redis: set REDIS_URL, or install the package "redis-server" or "valkey-server" \([^\n]+\)\.$/,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
