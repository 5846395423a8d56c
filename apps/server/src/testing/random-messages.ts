/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

/** JSON, and what only looks like it: what servers have stumbled over. */
const oddTexts: readonly string[] = [
  "null",
  "true",
  "-0",
  "0",
  "-1",
  "1e400",
  "9007199254740993",
  "0.1",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u202e"',
  '"__proto__"',
  '"1.1"',
  '"1.99999999999999999999999999999999"',
  '"NaN"',
  "[]",
  "{}",
  "[[],[{}]]",
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{}}}',
  '{"toString":1,"valueOf":null,"then":{}}',
  '{"type":"endTurn"}',
  '{"type":"timeOut"}',
  '{"type":"close","reason":"expired"}',
  '{"type":"discard","cardIds":[]}',
  `"${"x".repeat(3_000)}"`,
  `"${"\u{1f0a1}".repeat(500)}"`,
  nested(70, "[", "]"),
  nested(900, '{"a":', "}"),
  `[${"0,".repeat(1_500)}0]`,
  "NaN",
  "undefined",
  "{",
  '"',
];

/** A generator of messages: sound ones with one or more things wrong. */
export class RandomMessages {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  /** A text that stands for the message: some fields odd, left out, or new; now and then cut, spliced or scrambled. */
  mutate(message: Readonly<Record<string, unknown>>): string {
    if (this.chance(0.05)) return this.pick(oddTexts);
    const fields = Object.entries(message).flatMap(([name, value]): [string, string][] => {
      if (this.chance(0.08)) return [];
      return [[name, this.#value(value)]];
    });
    if (this.chance(0.1))
      fields.push([this.pick(["__proto__", "admin", "", "type", "gameId", "a\\u0000"]), this.pick(oddTexts)]);
    const text = `{${fields.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
    if (!this.chance(0.1)) return text;
    const at = this.below(text.length);
    return text.slice(0, at) + this.pick(["", "\0", "}", '"', "\\", "\ufeff", ",,"]) + text.slice(at + this.below(4));
  }

  #value(value: unknown): string {
    if (this.chance(0.12)) return this.pick(oddTexts);
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isRecord && this.chance(0.5)) return this.mutate(value as Record<string, unknown>);
    return JSON.stringify(value) ?? "null";
  }
}
