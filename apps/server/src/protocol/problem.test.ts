import { TurnkeepError } from "@turnkeep/core";
import { expect, test } from "vitest";
import { rateLimited } from "./http-error.js";
import { retryAfterSeconds, toProblem } from "./problem.js";

test("a conflict tells both versions", () => {
  const details = { gameId: "g", expected: "3.1", actual: "3.2" };
  const problem = toProblem(new TurnkeepError("RevisionConflict", "conflict on g", details), "r1");
  expect(problem).toEqual({
    type: "urn:turnkeep:RevisionConflict",
    title: "Another write came first",
    status: 409,
    code: "RevisionConflict",
    detail: "Another write came first",
    details: { expected: "3.1", actual: "3.2" },
    instance: "r1",
  });
});

test("what was not thrown on purpose says nothing but the request's id", () => {
  const error = Object.assign(new Error("password hunter2 in row"), { code: "42P01" });
  const problem = toProblem(error, "r2");
  expect(problem).toMatchObject({ status: 500, code: "InternalError", instance: "r2", details: {} });
  expect(JSON.stringify(problem)).not.toContain("hunter2");
  expect(toProblem("hunter2", "r2")).toEqual(problem);
});

test("messages of errors within the server are not repeated, nor is why a game was quarantined", () => {
  const store = new TurnkeepError("StoreUnavailable", "connect to 10.0.0.7 failed", { fate: "unknown" });
  expect(toProblem(store, "r")).toMatchObject({ status: 503, details: { fate: "unknown" } });
  expect(JSON.stringify(toProblem(store, "r"))).not.toContain("10.0.0.7");
  const quarantined = new TurnkeepError("GameQuarantined", "quarantined", {
    gameId: "g",
    quarantineReason: "json at $.hand",
  });
  expect(JSON.stringify(toProblem(quarantined, "r"))).not.toContain("hand");
});

test("a game that this server cannot read is no fault of the client's input", () => {
  const details = { reason: "schema", path: "$.hand[3]", gameId: "g" } as const;
  const unreadable = toProblem(new TurnkeepError("InvalidState", "it breaks its schema", details), "r");
  expect(unreadable).toMatchObject({ status: 503, code: "UnsupportedSchema", details: {} });
  expect(JSON.stringify(unreadable)).not.toContain("hand");
  const { gameId: _, ...ofInput } = details;
  expect(toProblem(new TurnkeepError("InvalidState", "it breaks", ofInput), "r")).toMatchObject({
    status: 400,
    code: "InvalidState",
  });
});

test("a client learns when to come back", () => {
  const limited = toProblem(rateLimited(1_200), "r");
  expect(limited.status).toBe(429);
  expect(retryAfterSeconds(limited)).toBe(2);
  expect(retryAfterSeconds(toProblem(new TurnkeepError("NotYourTurn", "not yet", {}), "r"))).toBeNull();
});

test("who is refused for the backlog learns whether new games or all writes have to wait", () => {
  const details = { what: "newGames", retryAfterMs: 900 } as const;
  expect(toProblem(new TurnkeepError("Backpressure", "too many games wait", details), "r")).toMatchObject({
    status: 503,
    details,
  });
});
