import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRuntime } from "@turnkeep/core";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseAccess } from "./access.js";
import { demoSecret } from "./demo-secret.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnkeep-secret-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("servers that start at once share one secret, which only its owner may read", async () => {
  const dataDir = join(folder, "data");
  const secrets = await Promise.all(Array.from({ length: 20 }, () => demoSecret(dataDir)));
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[\w-]{64}$/);
  const files = await readdir(dataDir);
  expect(files).toHaveLength(1);
  expect((await stat(join(dataDir, files[0] ?? ""))).mode & 0o777).toBe(0o600);
  expect(await demoSecret(dataDir)).toBe(secrets[0]);
});

test("a secret that others may read, or that is none, is refused", async () => {
  await demoSecret(folder);
  const [name = ""] = await readdir(folder);
  await chmod(join(folder, name), 0o644);
  await expect(demoSecret(folder)).rejects.toMatchObject({ code: "Misconfigured" });
  await chmod(join(folder, name), 0o600);
  await writeFile(join(folder, name), "short");
  await expect(demoSecret(folder)).rejects.toMatchObject({ code: "Misconfigured" });
});

test("without token settings it is demo mode, whose tokens no configured server accepts", async () => {
  const logger = pino({ level: "silent" });
  const none = { jwtSecret: undefined, jwtJwksUrl: undefined, jwtIssuer: undefined, jwtAudience: undefined };
  const demo = await chooseAccess({ ...none, dataDir: folder }, systemRuntime, logger);
  const issued = await demo.demo?.issue("Ada");
  expect(issued).toMatchObject({ name: "Ada" });
  await expect(demo.verifier.verify(issued?.token ?? "")).resolves.toEqual({
    playerId: issued?.playerId,
    expiresAt: issued?.expiresAt,
  });
  const real = await chooseAccess({ ...none, jwtSecret: "x".repeat(40), dataDir: folder }, systemRuntime, logger);
  expect(real.demo).toBeNull();
  await expect(real.verifier.verify(issued?.token ?? "")).rejects.toMatchObject({ code: "Unauthenticated" });
});
