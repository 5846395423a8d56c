import { formatJsonPath, type InvalidStateReason, TurnkeepError } from "@turnkeep/core";

const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const loneSurrogate = /\p{Surrogate}/u;

type Steps = (string | number)[];

/**
 * Refuses what `JSON.parse` lets pass and a state cannot keep. Unlike the codec it remembers nothing of what it saw, so
 * that a client's input costs what it is large, and nothing afterwards.
 * @param value as `JSON.parse` gave it, no deeper than a state may be
 * @throws InvalidState with reason and path
 */
export function checkJsonValue(value: unknown, steps: Steps = []): void {
  if (typeof value === "string") checkText(value, steps);
  if (typeof value === "number") checkNumber(value, steps);
  if (typeof value !== "object" || value === null) return;
  const isArray = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    steps.push(isArray ? Number(key) : key);
    if (forbiddenKeys.has(key)) refuse("key", steps, "a forbidden key");
    if (!isArray) checkText(key, steps);
    checkJsonValue(item, steps);
    steps.pop();
  }
}

function checkText(text: string, steps: Steps): void {
  if (text.includes("\0")) refuse("nul", steps, "a NUL character");
  if (loneSurrogate.test(text)) refuse("unicode", steps, "half of a surrogate pair");
}

function checkNumber(value: number, steps: Steps): void {
  if (!Number.isFinite(value)) refuse("number", steps, "a number that is not finite");
  if (Object.is(value, -0)) refuse("number", steps, "negative zero");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) refuse("number", steps, "an integer beyond 2^53");
}

function refuse(reason: InvalidStateReason, steps: Steps, what: string): never {
  const path = formatJsonPath(steps);
  throw new TurnkeepError("InvalidState", `this cannot be kept as JSON: ${what} at ${path}`, { reason, path });
}
