import * as fc from "fast-check";
import type { JsonValue } from "../json.js";

const soundText = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
const forbidden = new Set(["__proto__", "constructor", "prototype"]);
const soundNumber = fc
  .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value)));
/** Any value that a state may hold. */
export const soundJson = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    soundNumber,
    soundText,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(
      soundText.filter((key) => !forbidden.has(key)),
      tie("value"),
      { maxKeys: 5 },
    ),
  ),
})).value;
