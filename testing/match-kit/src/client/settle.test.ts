import { expect, test, vi } from "vitest";
import type { Answer } from "./answer.js";
import { answerOf } from "./answer.js";
import { settle } from "./settle.js";

const never = new AbortController().signal;
const silence: Answer = { kind: "silence", why: "TimeoutError" };
const done: Answer = { kind: "done", level: "durable", duplicate: false, version: null, seen: null };
const asking = (...answers: Answer[]) => vi.fn(async () => answers.shift() ?? silence);

test("silence is asked again until an answer settles it", async () => {
  const ask = asking(silence, silence, done);
  expect(await settle(ask, () => 1, never)).toMatchObject({ outcome: "acknowledged", level: "durable", attempts: 3 });
  expect(ask.mock.calls).toEqual([[1], [2], [3]]);
});

test("a refusal settles it at once", async () => {
  const refused: Answer = { kind: "refused", code: "RevisionConflict" };
  expect(await settle(asking(refused), () => 1, never)).toMatchObject({ outcome: "refused", code: "RevisionConflict" });
  expect(await settle(asking(silence, refused), () => 1, never)).toMatchObject({ outcome: "refused", attempts: 2 });
});

test("a game that is over says nothing of an earlier attempt without an answer", async () => {
  const over: Answer = { kind: "refused", code: "GameEnded" };
  expect(await settle(asking(over), () => 1, never)).toMatchObject({ outcome: "refused" });
  expect(await settle(asking(silence, over), () => 1, never)).toMatchObject({ outcome: "overtaken" });
});

test("whoever gives up does not know", async () => {
  const controller = new AbortController();
  controller.abort();
  expect(await settle(asking(), () => 1, controller.signal)).toMatchObject({ outcome: "unknown", attempts: 1 });
});

test("an answer of a server that could not, or not now, settles nothing", () => {
  expect(answerOf({ status: 503, code: "StoreUnavailable" }).kind).toBe("silence");
  expect(answerOf({ status: 429, code: "RateLimited" }).kind).toBe("silence");
  expect(answerOf({ status: 500, code: "InternalError" }).kind).toBe("silence");
  expect(answerOf({ status: 409, code: "NotYourTurn" })).toEqual({ kind: "refused", code: "NotYourTurn" });
});
