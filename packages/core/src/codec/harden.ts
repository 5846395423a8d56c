import { type InvalidStateReason, TurnkeepError } from "../errors.js";
import { formatJsonPath } from "./json-path.js";

/** Containers nested deeper than this are refused; the root counts as 1. */
export const maxStateDepth = 64;

/**
 * Containers that have been walked and deeply frozen by this module, with the depth below them (a leaf container has
 * 1). A frozen plain object can no longer change, so what was found sound stays so and is not walked again: states
 * that share most of their parts with the one before cost only their new parts.
 */
const heights = new WeakMap<object, number>();

const loneSurrogate = /\p{Surrogate}/u;

type Steps = (string | number)[];

function refuse(reason: InvalidStateReason, steps: Steps, what: string): never {
  const path = formatJsonPath(steps);
  throw new TurnkeepError("InvalidState", `the state cannot be kept as JSON: ${what} at ${path}`, { reason, path });
}

/**
 * Refuses whatever JSON would change, drop or fail on, and freezes the value deeply. Accessors are never called. If it
 * throws, parts of the value may have been frozen already.
 * @throws InvalidState with reason and path
 */
export function harden(value: unknown): void {
  hardenValue(value, 0, []);
}

function hardenValue(value: unknown, depth: number, steps: Steps): number {
  switch (typeof value) {
    case "string":
      hardenText(value, steps);
      return 0;
    case "number":
      hardenNumber(value, steps);
      return 0;
    case "boolean":
      return 0;
    case "object":
      return value === null ? 0 : hardenContainer(value, depth + 1, steps);
    case "undefined":
      return refuse("number", steps, "undefined");
    case "bigint":
      return refuse("number", steps, "a BigInt");
    default:
      return refuse("type", steps, `a ${typeof value}`);
  }
}

function hardenText(text: string, steps: Steps): void {
  if (text.includes("\0")) refuse("nul", steps, "a NUL character");
  if (loneSurrogate.test(text)) refuse("unicode", steps, "half of a surrogate pair");
}

function hardenNumber(value: number, steps: Steps): void {
  if (!Number.isFinite(value)) refuse("number", steps, "a number that is not finite");
  if (Object.is(value, -0)) refuse("number", steps, "negative zero");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) refuse("number", steps, "an integer beyond 2^53");
}

function hardenKey(key: string | symbol, steps: Steps): asserts key is string {
  if (typeof key === "symbol") refuse("type", steps, "a symbol as key");
  if (key === "__proto__" || key === "constructor" || key === "prototype") {
    refuse("key", [...steps, key], "a forbidden key");
  }
  hardenText(key, steps);
}

function hardenContainer(container: object, depth: number, steps: Steps): number {
  const known = heights.get(container);
  if (depth + (known ?? 1) - 1 > maxStateDepth) refuse("depth", steps, `more than ${maxStateDepth} levels`);
  if (known !== undefined) return known;

  const below = Array.isArray(container) ? hardenArray(container, depth, steps) : hardenObject(container, depth, steps);
  Object.freeze(container);
  heights.set(container, below + 1);
  return below + 1;
}

function hardenArray(array: readonly unknown[], depth: number, steps: Steps): number {
  // Only Array.prototype itself (of any realm) is an array; the prototype of a subclass is not.
  if (!Array.isArray(Object.getPrototypeOf(array))) refuse("type", steps, "an instance of an array class");
  if (Reflect.ownKeys(array).length !== array.length + 1) refuse("type", steps, "an array with gaps or extra fields");
  let deepest = 0;
  for (let index = 0; index < array.length; index++) {
    steps.push(index);
    deepest = Math.max(deepest, hardenProperty(array, index, depth, steps));
    steps.pop();
  }
  return deepest;
}

function hardenObject(object: object, depth: number, steps: Steps): number {
  if (!isPlain(object)) refuse("type", steps, "an instance of a class");
  let deepest = 0;
  for (const key of Reflect.ownKeys(object)) {
    hardenKey(key, steps);
    steps.push(key);
    deepest = Math.max(deepest, hardenProperty(object, key, depth, steps));
    steps.pop();
  }
  return deepest;
}

function hardenProperty(owner: object, key: string | number, depth: number, steps: Steps): number {
  const property = Object.getOwnPropertyDescriptor(owner, key);
  if (property === undefined || !("value" in property)) refuse("type", steps, "an accessor");
  if (!property.enumerable) refuse("type", steps, "a hidden field");
  return hardenValue(property.value, depth, steps);
}

/** True for `{}` of any realm and for objects without prototype. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}

/**
 * Freezes a freshly parsed value deeply and takes it for sound, unseen. Only for text that this system has written.
 * @throws InvalidState (depth) where that cannot be, instead of overflowing the stack
 */
export function freezeTrusted(value: unknown): void {
  if (typeof value === "object" && value !== null) freezeContainer(value, 1);
}

function freezeContainer(container: object, depth: number): number {
  if (depth > maxStateDepth) refuse("depth", [], `more than ${maxStateDepth} levels`);
  let deepest = 0;
  for (const item of Object.values(container)) {
    if (typeof item === "object" && item !== null) deepest = Math.max(deepest, freezeContainer(item, depth + 1));
  }
  Object.freeze(container);
  heights.set(container, deepest + 1);
  return deepest + 1;
}
