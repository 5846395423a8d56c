import { once } from "node:events";
import { expect, test } from "vitest";
import { startOwner, stillAliveAfter } from "./fixtures/start-owner.js";
import { isAlive, spawnOwned } from "./owned-process.mjs";
import { patienceMs } from "./patience.js";

const sleeper = (orphanSignal: "TERM" = "TERM") =>
  spawnOwned({ file: "sh", args: ["-c", "sleep 600 & wait"], cwd: "/", orphanSignal });

test.each(["death-signal", "watched-from-outside"])("a killed owner leaves nothing running (%s)", async (how) => {
  const { owner, owned } = await startOwner("own-a-sleeper", how);
  expect(owned.every(isAlive)).toBe(true);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  expect(await stillAliveAfter(owned, patienceMs)).toEqual([]);
});

test("an owner that ends by itself ends what it owns", async () => {
  const { owner, owned } = await startOwner("own-a-sleeper", "death-signal");
  owner.kill("SIGTERM");
  await once(owner, "exit");
  expect(await stillAliveAfter(owned, patienceMs)).toEqual([]);
});

test("kill ends the process and its own children", async () => {
  const owned = sleeper();
  await owned.kill();
  expect(owned.running()).toBe(false);
  expect(await owned.exited).toBe("SIGKILL");
  expect(isAlive(owned.pid)).toBe(false);
});

test("end asks first, and kills a process that does not end", async () => {
  const deaf = spawnOwned({
    file: process.execPath,
    args: ["-e", "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"],
    cwd: "/",
    orphanSignal: "TERM",
  });
  await expect.poll(() => deaf.output()).toContain("up");
  await deaf.end("SIGTERM", 50);
  expect(await deaf.exited).toBe("SIGKILL");
});

test("the output and the way it ended are known afterwards", async () => {
  const child = spawnOwned({ file: "sh", args: ["-c", "echo said; exit 3"], cwd: "/", orphanSignal: "TERM" });
  expect(await child.exited).toBe("code 3");
  expect(child.output()).toBe("said\n");
});

test("a program that does not exist ends at once instead of throwing", async () => {
  const child = spawnOwned({ file: "/does/not/exist", args: [], cwd: "/", orphanSignal: "TERM", deathSignal: false });
  expect(await child.exited).toContain("ENOENT");
  expect(child.running()).toBe(false);
});
