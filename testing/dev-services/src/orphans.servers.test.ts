import { once } from "node:events";
import { expect, test } from "vitest";
import { startOwner, stillAliveAfter } from "./fixtures/start-owner.js";
import { isAlive } from "./owned-process.mjs";
import { patienceMs } from "./patience.js";

test("servers do not outlive the process that started them, even when it is killed", async () => {
  const { owner, owned } = await startOwner("own-servers");
  expect(owned).toHaveLength(2);
  expect(owned.every(isAlive)).toBe(true);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  expect(await stillAliveAfter(owned, patienceMs)).toEqual([]);
});
