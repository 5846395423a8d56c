import type * as z from "zod";

type Schema = z.core.$ZodType;

/** Whether a value follows its schema. A false `false` is possible, so ask the whole schema then. */
type Check = (value: unknown, before: unknown) => boolean;

interface Checked {
  readonly check: Check;
  /** What the schema gives is what it was given, so that refinements around it may look at the value itself. */
  readonly pure: boolean;
}

/**
 * Whether a value follows the schema, where the value before it did: parts that are the very same at the same place, or
 * anywhere in the same array, are not asked again. Refinements are asked each time they stand on a part that changed.
 * What is no plain structure (transforms, defaults, objects that drop keys) is asked as a whole.
 */
export function checkOfChanges(schema: Schema): Check {
  return checkedBy(schema, new Map()).check;
}

function checkedBy(schema: Schema, seen: Map<Schema, Checked>): Checked {
  const known = seen.get(schema);
  if (known !== undefined) return known;
  const whole: Check = (value) => passes(schema, value);
  // A schema that holds itself is asked as a whole where it comes again.
  seen.set(schema, { check: whole, pure: false });
  const { checks = [] } = schema._zod.def;
  const overwrites = [schema, ...checks].some(({ _zod }) => isOverwriting(_zod.def));
  const structure = structureOf(schema, whole, seen);
  let checked: Checked;
  if (structure === null) checked = { check: whole, pure: isPure(schema, seen) && !overwrites };
  else if (checks.length === 0) checked = structure;
  else if (!structure.pure || overwrites) checked = { check: whole, pure: false };
  else {
    checked = {
      check: (value, before) =>
        structure.check(value, before) && checks.every((refinement) => holds(refinement, value)),
      pure: true,
    };
  }
  seen.set(schema, checked);
  return checked;
}

/** An address loses the blanks around it. */
function isOverwriting(def: object): boolean {
  return ("check" in def && def.check === "overwrite") || ("format" in def && def.format === "url");
}

/** As the schema's own `safeParse`; zod itself is not imported, since who bundles a codec alone needs none of it. */
function passes(schema: Schema, value: unknown): boolean {
  const result = schema._zod.run({ value, issues: [] }, { async: false });
  return !(result instanceof Promise) && result.issues.length === 0;
}

/** Whether one refinement finds nothing wrong. */
function holds({ _zod }: z.core.$ZodCheck<never>, value: unknown): boolean {
  const payload = { value: value as never, issues: [] };
  if (_zod.def.when !== undefined && !_zod.def.when(payload)) return true;
  return !(_zod.check(payload) instanceof Promise) && payload.issues.length === 0;
}

/** `null` for what has no parts, or parts that mean something together alone. */
function structureOf(schema: Schema, whole: Check, seen: Map<Schema, Checked>): Checked | null {
  const { def } = schema._zod;
  switch (def.type) {
    case "object":
      return objectOf(def as z.core.$ZodObjectDef, whole, seen);
    case "record":
      return recordOf(def as z.core.$ZodRecordDef, whole, seen);
    case "array": {
      const { check, pure } = checkedBy((def as z.core.$ZodArrayDef).element, seen);
      return { check: (value, before) => checkItems(value, before, check, whole), pure };
    }
    case "nullable":
    case "optional":
    case "readonly": {
      const { check, pure } = checkedBy((def as z.core.$ZodNullableDef).innerType, seen);
      return { check: (value, before) => (value === null || value === undefined ? whole : check)(value, before), pure };
    }
    default:
      return null;
  }
}

function objectOf({ shape, catchall }: z.core.$ZodObjectDef, whole: Check, seen: Map<Schema, Checked>): Checked | null {
  if (catchall?._zod.def.type !== "never") return null;
  const fields = new Map(Object.entries(shape).map(([key, schema]) => [key, checkedBy(schema, seen)]));
  const check: Check = (value, before) => {
    if (!isObject(value) || !isObject(before)) return whole(value, before);
    // One that went may have been required.
    for (const key in before) if (!Object.hasOwn(value, key)) return whole(value, before);
    for (const key in value) {
      if (value[key] !== before[key] && !fields.get(key)?.check(value[key], before[key])) return false;
    }
    return true;
  };
  return { check, pure: [...fields.values()].every(({ pure }) => pure) };
}

function recordOf({ keyType, valueType }: z.core.$ZodRecordDef, whole: Check, seen: Map<Schema, Checked>) {
  // Keys that are enumerated have to be there.
  if (keyType._zod.values !== undefined || !checkedBy(keyType, seen).pure) return null;
  const { check: checkValue, pure } = checkedBy(valueType, seen);
  const check: Check = (value, before) => {
    if (!isObject(value) || !isObject(before)) return whole(value, before);
    for (const key in value) {
      const isKnown = Object.hasOwn(before, key);
      if (isKnown && value[key] === before[key]) continue;
      if (!isKnown && !passes(keyType, key)) return false;
      if (!checkValue(value[key], isKnown ? before[key] : undefined)) return false;
    }
    return true;
  };
  return { check, pure };
}

function checkItems(value: unknown, before: unknown, check: Check, whole: Check): boolean {
  if (!Array.isArray(value) || !Array.isArray(before)) return whole(value, before);
  let known: Set<unknown> | undefined;
  return value.every((item: unknown, index) => {
    if (item === before[index]) return true;
    known ??= new Set(before);
    return known.has(item) || check(item, before[index]);
  });
}

const leaves = new Set(["string", "number", "boolean", "null", "literal", "enum"]);

/** Of what has no structure here. */
function isPure(schema: Schema, seen: Map<Schema, Checked>): boolean {
  const { def } = schema._zod;
  if (leaves.has(def.type)) return !("coerce" in def && def.coerce);
  if (def.type === "union") {
    return (def as z.core.$ZodUnionDef).options.every((option) => checkedBy(option, seen).pure);
  }
  if (def.type !== "tuple") return false;
  const { items, rest } = def as z.core.$ZodTupleDef;
  return rest === null && items.every((item) => checkedBy(item, seen).pure);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
