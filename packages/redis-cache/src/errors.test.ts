import { TurnkeepError } from "@turnkeep/core";
import { describe, expect, test } from "vitest";
import { translateError } from "./errors.js";

describe("translateError", () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'. script: 1, on @user_script:3.", "notDone"],
    ["READONLY You can't write against a read only replica.", "notDone"],
    ["LOADING Redis is loading the dataset in memory", "notDone"],
    ["MASTERDOWN Link with MASTER is down", "notDone"],
    ["CLUSTERDOWN Hash slot not served", "notDone"],
    ["MOVED 1 127.0.0.1:1", "notDone"],
    ["TRYAGAIN Multiple keys request during rehashing of slot", "notDone"],
    ["NOPERM this user has no permissions", "notDone"],
    ["Stream isn't writeable and enableOfflineQueue options is false", "notDone"],
    ["Command timed out", "unknown"],
    ["Connection is closed.", "unknown"],
    ["Reached the max retries per request limit (which is 0).", "unknown"],
    ["WRONGTYPE Operation against a key holding the wrong kind of value", "unknown"],
  ])("%s", (message, fate) => {
    // What refuses a command answers: only the others are away.
    const reason = fate === "notDone" && !message.startsWith("Stream") ? "refused" : "away";
    expect(translateError(new Error(message))).toMatchObject({ code: "CacheUnavailable", details: { fate, reason } });
  });

  test("keeps what is an error of the taxonomy already", () => {
    const error = new TurnkeepError("Aborted", "…", { fate: "unknown" });
    expect(translateError(error)).toBe(error);
  });

  test("carries no arguments of the command, which hold states", () => {
    const error = Object.assign(new Error("OOM"), { command: { name: "evalsha", args: ["secret hand"] } });
    const translated = translateError(error);
    expect(translated.cause).toBeInstanceOf(Error);
    expect(JSON.stringify([translated, translated.cause, Object.entries(translated.cause ?? {})])).not.toMatch(
      /secret/,
    );
    expect(translated.cause).not.toHaveProperty("command");
  });
});
