import { expect, test } from "vitest";
import { logError } from "./log-error.js";

test("only named fields are kept, of the cause too", () => {
  const driver = Object.assign(new Error("no"), { code: "23505", parameters: ["secret-state"] });
  const logged = logError(new Error("the store failed", { cause: driver }));
  expect(logged).toMatchObject({ type: "Error", message: "the store failed", cause: { message: "no", code: "23505" } });
  expect(JSON.stringify(logged)).not.toContain("secret-state");
});

test("a parser's message, which quotes what it read, is not kept", () => {
  let thrown: unknown;
  try {
    JSON.parse("secret-state");
  } catch (error) {
    thrown = error;
  }
  expect(JSON.stringify(logError(thrown))).not.toContain("secret");
});

test("what is no error is not shown", () => {
  expect(JSON.stringify(logError({ state: "secret-state" }))).not.toContain("secret-state");
});
