import { Refusal, Unanswered } from "@turnkeep/api";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test, vi } from "vitest";
import { sendWrite, type Written } from "./send-write.js";

const silence = new Unanswered("no answer in time");
const refusal = (status: number, code: string) => new Refusal(status, code, "");
const done: Written = { level: "durable", duplicate: false, version: null, game: null };

/** The result of a write whose attempts fail with these errors, one after the other, and then are done. */
async function resultOf(errors: readonly Error[], signal?: AbortSignal) {
  const runtime = createVirtualRuntime();
  const left = [...errors];
  const send = vi.fn(async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return done;
  });
  const result = sendWrite(send, { runtime, signal });
  await runtime.advance(60_000);
  return result;
}

test("a write without an answer is sent again until it is acknowledged", async () => {
  expect(await resultOf([silence, refusal(503, "StoreUnavailable")])).toMatchObject({
    outcome: "acknowledged",
    level: "durable",
    attempts: 3,
    silences: ["no answer in time", "StoreUnavailable"],
  });
});

test("a refusal ends the write at once", async () => {
  const refused = refusal(409, "RevisionConflict");
  expect(await resultOf([refused])).toMatchObject({ outcome: "refused", code: "RevisionConflict", attempts: 1 });
  expect(await resultOf([silence, refused])).toMatchObject({ outcome: "refused", attempts: 2 });
});

test("a game that is over says nothing of an earlier attempt without an answer", async () => {
  const over = refusal(409, "GameEnded");
  expect(await resultOf([over])).toMatchObject({ outcome: "refused" });
  expect(await resultOf([silence, over])).toMatchObject({ outcome: "overtaken" });
});

test("a write is unknown to a client that gives up", async () => {
  const result = await resultOf([silence, silence], AbortSignal.abort());
  expect(result).toMatchObject({ outcome: "unknown", attempts: 1 });
});

test("a server that could not, or not now, ends no write", async () => {
  for (const status of [429, 500, 503]) expect(await resultOf([refusal(status, "X")])).toMatchObject({ attempts: 2 });
  expect(await resultOf([refusal(409, "NotYourTurn")])).toMatchObject({ attempts: 1, code: "NotYourTurn" });
});
