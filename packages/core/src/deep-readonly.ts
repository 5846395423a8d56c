import type * as z from "zod";
import type { JsonValue } from "./json.js";

/**
 * The same shape with every part read-only, as frozen states are: arrays and tuples too. What cannot be looked into,
 * such as `unknown`, stays, and so do texts and numbers with a brand.
 */
export type DeepReadonly<T> = unknown extends T
  ? T
  : AnyJson extends T
    ? JsonValue | Exclude<T, AnyJson>
    : T extends Atom
      ? T
      : T extends object
        ? ReadonlyParts<T>
        : T;

/** The same of an object, for the compiler to know that it is one. */
export type ReadonlyParts<T extends object> = { readonly [K in keyof T]: DeepReadonly<T[K]> };

/** Contains itself, so that the compiler would not come to an end with it. */
type AnyJson = z.core.util.JSONType;

type Atom = string | number | boolean | bigint | symbol | null | undefined;
