import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { retryUntil } from "./retry.js";

const gameId = "a-game";

test("a round is repeated until it has an answer, the first time at once", async () => {
  const runtime = createVirtualRuntime();
  const answers = ["again", "again", 7] as const;
  let round = 0;
  const done = retryUntil({ runtime, gameId, signal: undefined }, async () => answers[round++] ?? "again");
  await runtime.runReady();
  expect(round).toBe(2);
  await runtime.advance(50);
  expect(await done).toBe(7);
});

test("after 30 rounds it gives up, within a second and a half", async () => {
  const runtime = createVirtualRuntime();
  let round = 0;
  const done = retryUntil({ runtime, gameId, signal: undefined }, async () => {
    round += 1;
    return "again" as const;
  });
  const failed = expect(done).rejects.toMatchObject({
    code: "CacheUnavailable",
    details: { fate: "notDone", reason: "busy" },
  });
  await runtime.advance(1_500);
  await failed;
  expect(round).toBe(30);
});

test("a signal ends the pause, and no further round begins", async () => {
  const runtime = createVirtualRuntime();
  const abort = new AbortController();
  let round = 0;
  const done = retryUntil({ runtime, gameId, signal: abort.signal }, async () => {
    round += 1;
    return "again" as const;
  });
  await runtime.runReady();
  abort.abort();
  await expect(done).rejects.toMatchObject({ code: "Aborted", details: { fate: "notDone" } });
  expect(round).toBe(2);
});

test("what a round throws leaves at once", async () => {
  const error = new Error("broken");
  const done = retryUntil({ runtime: createVirtualRuntime(), gameId, signal: undefined }, async () => {
    throw error;
  });
  await expect(done).rejects.toBe(error);
});
