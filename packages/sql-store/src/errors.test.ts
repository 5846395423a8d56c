import { expect, test } from "vitest";
import { translateError } from "./errors.js";

const fromPostgres = (code?: string) => Object.assign(new Error("it quotes a hand"), code && { code });

test("a constraint that refuses what only the store itself keeps is its own trouble; a value that is refused is not", () => {
  const refused = { code: "StoreUnavailable", details: { fate: "notDone", reason: "refused" } };
  expect(translateError(fromPostgres("23514"), "unknown", true)).toMatchObject(refused);
  expect(translateError(fromPostgres("22021"), "unknown", true)).toMatchObject({ code: "InvalidInput" });
});

test.each([
  ["22P05", "InvalidInput", undefined],
  ["23514", "InvalidInput", undefined],
  ["54000", "InvalidInput", undefined],
  ["55P03", "StoreUnavailable", "busy"],
  ["57014", "StoreUnavailable", "busy"],
  ["40P01", "StoreUnavailable", "busy"],
  ["53100", "StoreUnavailable", "refused"],
  ["53300", "StoreUnavailable", "refused"],
  ["25006", "StoreUnavailable", "refused"],
  ["42P01", "StoreUnavailable", "refused"],
  ["57P01", "StoreUnavailable", "away"],
  ["08006", "StoreUnavailable", "away"],
  [undefined, "StoreUnavailable", "away"],
] as const)("SQLSTATE %s is reported as %s, %s", (state, code, reason) => {
  const error = translateError(fromPostgres(state), "unknown");
  expect(error.code).toBe(code);
  // A statement that was answered with a refusal did nothing; one without an answer may have done anything.
  if (reason !== undefined) {
    expect(error.details).toEqual({ fate: reason === "away" ? "unknown" : "notDone", reason });
  }
});

test("a mistake in this process is not reported as an outage of Postgres, and its cause is kept", () => {
  const mistake = translateError(new TypeError("Client is not a constructor"), "unknown");
  expect(mistake.message).toBe("this process failed in a call to Postgres");
  expect(mistake.cause).toMatchObject({ name: "TypeError", message: "Client is not a constructor" });
  expect(translateError(new Error("Connection terminated"), "unknown").message).toBe("Postgres did not answer");
});
