/** A copy of what a store would give back; not frozen, and shared with nothing. */
export function kept<T>(value: T): T {
  const text = JSON.stringify(value);
  return text === undefined ? value : JSON.parse(text);
}

/** Where two JSON values differ first, in words, such as `$.hand[2] is "A", and then "B"`; `null` if they do not. */
export function difference(one: unknown, other: unknown, path = "$"): string | null {
  if (Object.is(one, other)) return null;
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) {
    return `${path} is ${shown(one)}, and then ${shown(other)}`;
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    const found = difference(one[name], other[name], Array.isArray(one) ? `${path}[${name}]` : `${path}.${name}`);
    if (found !== null) return found;
  }
  // Also the order of fields stays, since a state is kept as its bytes.
  return Object.keys(one).join() === Object.keys(other).join() ? null : `${path} has its fields in another order`;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A value on one line, cut short. */
export function shown(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) return "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
