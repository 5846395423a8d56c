import { type InvalidStateReason, TurnkeepError } from "../errors.js";
import { formatJsonPath } from "./json-path.js";

/** Containers nested deeper than this are refused; the root counts as 1. */
export const maxStateDepth = 64;

const unkeepable = /[\0\p{Surrogate}]/u;

/** The way to where a walk is. */
export type Steps = (string | number)[];

/** @throws InvalidState, always */
export function refuse(reason: InvalidStateReason, steps: Steps, what: string): never {
  const path = formatJsonPath(steps);
  throw new TurnkeepError("InvalidState", `the state cannot be kept as JSON: ${what} at ${path}`, { reason, path });
}

/** What a walk needs to know beside the value. */
interface Walk {
  readonly steps: Steps;
  /** How many more containers it may meet. */
  containersLeft: number;
}

/**
 * Refuses whatever JSON would change, drop or fail on, and freezes the value deeply. Accessors are never called. If it
 * throws, parts of the value may have been frozen already.
 * @param before a value that was hardened or decoded earlier: a part that is the very same at the same place in it, or
 * at another place of the same array, is not walked, so a next state costs only its new parts
 * @param maxContainers more objects and arrays than this are refused, each counted as often as it is met
 * @throws InvalidState with reason and path; `size` for too many containers
 */
export function harden(value: unknown, before?: unknown, maxContainers = Number.POSITIVE_INFINITY): void {
  hardenValue(value, before, 0, { steps: [], containersLeft: maxContainers });
}

function hardenValue(value: unknown, before: unknown, depth: number, walk: Walk): void {
  const { steps } = walk;
  if (typeof value === "string") {
    if (value !== before) hardenText(value, steps);
  } else if (typeof value === "number") hardenNumber(value, steps);
  else if (typeof value === "object") {
    if (value !== null && value !== before) hardenContainer(value, before, depth + 1, walk);
  } else if (value === undefined) refuse("number", steps, "undefined");
  else if (typeof value === "bigint") refuse("number", steps, "a BigInt");
  else if (typeof value !== "boolean") refuse("type", steps, `a ${typeof value}`);
}

function hardenText(text: string, steps: Steps): void {
  if (!unkeepable.test(text)) return;
  if (text.includes("\0")) refuse("nul", steps, "a NUL character");
  refuse("unicode", steps, "half of a surrogate pair");
}

function hardenNumber(value: number, steps: Steps): void {
  if (!Number.isFinite(value)) refuse("number", steps, "a number that is not finite");
  if (Object.is(value, -0)) refuse("number", steps, "negative zero");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) refuse("number", steps, "an integer beyond 2^53");
}

function hardenKey(key: string, isKnown: boolean, steps: Steps): void {
  if (key === "__proto__" || key === "constructor" || key === "prototype") {
    refuse("key", [...steps, key], "a forbidden key");
  }
  if (!isKnown) hardenText(key, steps);
}

function hardenContainer(container: object, before: unknown, depth: number, walk: Walk): void {
  const { steps } = walk;
  if (depth > maxStateDepth) refuse("depth", steps, `more than ${maxStateDepth} levels`);
  walk.containersLeft -= 1;
  if (walk.containersLeft < 0) refuse("size", steps, "too many objects and arrays");
  if (Array.isArray(container)) hardenArray(container, Array.isArray(before) ? before : none, depth, walk);
  else hardenObject(container, isObject(before) ? before : undefined, depth, walk);
  Object.freeze(container);
}

const none: readonly unknown[] = [];

function hardenArray(array: readonly unknown[], before: readonly unknown[], depth: number, walk: Walk): void {
  const { steps } = walk;
  // Only Array.prototype itself (of any realm) is an array; the prototype of a subclass is not.
  if (!Array.isArray(Object.getPrototypeOf(array))) refuse("type", steps, "an instance of an array class");
  if (Reflect.ownKeys(array).length !== array.length + 1) refuse("type", steps, "an array with gaps or extra fields");
  let isMoved: ((item: object) => boolean) | undefined;
  for (let index = 0; index < array.length; index++) {
    steps.push(index);
    const value = dataOf(array, index, steps);
    // Past an array's end, a look is dear.
    const held = index < before.length ? before[index] : undefined;
    if (value === held || !isObject(value)) hardenValue(value, held, depth, walk);
    else {
      isMoved ??= knownOnce(before);
      if (!isMoved(value)) hardenValue(value, held, depth, walk);
    }
    steps.pop();
  }
}

/** Among so few items, one is found sooner by looking at each than by an index, which has to be made first. */
const fewItems = 32;

/** Whether an item was anywhere in this array. It is known so, but once: what is repeated counts each time. */
function knownOnce(before: readonly unknown[]): (item: object) => boolean {
  if (before.length > fewItems) {
    const left = new Set(before);
    return (item) => left.delete(item);
  }
  const taken: unknown[] = [];
  return (item) => before.includes(item) && !taken.includes(item) && taken.push(item) > 0;
}

function hardenObject(
  object: object,
  before: Readonly<Record<string, unknown>> | undefined,
  depth: number,
  walk: Walk,
): void {
  const { steps } = walk;
  if (!isPlain(object)) refuse("type", steps, "an instance of a class");
  // The two together cost half of Reflect.ownKeys, which asks the object slowly.
  if (Object.getOwnPropertySymbols(object).length > 0) refuse("type", steps, "a symbol as key");
  for (const key of Object.getOwnPropertyNames(object)) {
    const isKnown = before !== undefined && Object.hasOwn(before, key);
    hardenKey(key, isKnown, steps);
    steps.push(key);
    hardenValue(dataOf(object, key, steps), isKnown ? before[key] : undefined, depth, walk);
    steps.pop();
  }
}

function dataOf(owner: object, key: string | number, steps: Steps): unknown {
  const property = Object.getOwnPropertyDescriptor(owner, key);
  if (property === undefined || !("value" in property)) refuse("type", steps, "an accessor");
  if (!property.enumerable) refuse("type", steps, "a hidden field");
  return property.value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** True for `{}` of any realm and for objects without prototype. */
export function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}

/**
 * Freezes a freshly parsed value deeply and takes it for sound, unseen. Only for text that this system has written.
 * @throws InvalidState (depth) where that cannot be, instead of overflowing the stack
 */
export function freezeTrusted(value: unknown): void {
  if (isObject(value)) freezeContainer(value, 1);
}

function freezeContainer(container: Readonly<Record<string, unknown>>, depth: number): void {
  if (depth > maxStateDepth) refuse("depth", [], `more than ${maxStateDepth} levels`);
  if (Array.isArray(container)) {
    // By index: an iterator costs as much again as what it brings.
    for (let index = 0; index < container.length; index++) {
      const item: unknown = container[index];
      if (isObject(item)) freezeContainer(item, depth + 1);
    }
  } else {
    for (const key in container) {
      const item = container[key];
      if (isObject(item)) freezeContainer(item, depth + 1);
    }
  }
  Object.freeze(container);
}
