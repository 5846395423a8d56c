import { expect, test } from "vitest";
import { logError } from "./log-error.js";

test("an error is logged with its code and causes, without fields of its own", () => {
  const cause = Object.assign(new Error("duplicate key"), { code: "23505", detail: "Key (state)=(hidden-card)" });
  const error = Object.assign(new Error("no answer", { cause }), { code: "StoreUnavailable", state: "hidden-card" });
  const logged = logError(error);
  expect(logged).toMatchObject({ code: "StoreUnavailable", message: "no answer", cause: { code: "23505" } });
  expect(JSON.stringify(logged)).not.toContain("hidden-card");
});

test("what a parser quotes is left out", () => {
  let error: unknown;
  try {
    JSON.parse('{"hand":"hidden-card');
  } catch (thrown) {
    error = thrown;
  }
  const logged = logError(error);
  expect(logged).toMatchObject({ name: "SyntaxError", stack: expect.stringContaining("at ") });
  expect(JSON.stringify(logged)).not.toContain("hidden-card");
});

test("something that is no error is not shown", () => {
  expect(logError("hidden-card")).toEqual({ name: "string" });
});
