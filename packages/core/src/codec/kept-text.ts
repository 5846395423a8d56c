import { utf8ByteLength } from "./byte-length.js";

/** Shorter parts are made anew: that costs less than to look for what of them is unchanged. */
const leastPartBytes = 256;
/** Once so much of a text is new, the whole is made anew, and kept instead. */
const mostNew = 1 / 4;
/** Where states have nothing in common with those before them, so many texts are made anew before the next try. */
const restingTexts = 50;

const encoder = new TextEncoder();

/**
 * The text of one game's states, made from the text of a state before it: parts that are the very same are copied as
 * bytes, so that a text costs what has changed. States are frozen deeply, and such that JSON.stringify keeps all of them.
 */
export class KeptText {
  /** Shorter texts are always made anew. */
  static readonly leastBytes = 8192;
  /** The state whose text is kept, as far as its parts were looked for. */
  #kept: Part | null = null;
  #bytes: Uint8Array = new Uint8Array(0);
  #last: object | null = null;
  #hasServed = false;
  #resting = 0;

  /**
   * What JSON.stringify makes of this state: as text, or as its bytes of UTF-8, which nobody may change. Only where states
   * are made from each other one by one is a text kept.
   * @param before the state that it was made from
   */
  encode(state: object, before: object): string | Uint8Array {
    const follows = before === this.#last;
    this.#last = state;
    if (!follows) this.#kept = null;
    const changed = this.#kept === null ? null : this.#changed(this.#kept, state);
    if (changed !== null) return changed;
    const text = JSON.stringify(state);
    this.#resting = Math.max(this.#resting - 1, 0);
    return follows && this.#resting === 0 && text.length >= KeptText.leastBytes ? this.#keep(state, text) : text;
  }

  /** `null` where too much is new. */
  #changed(kept: Part, state: object): Uint8Array | null {
    const runs = new Runs(this.#bytes.length * mostNew);
    writeChanged(kept, state, runs);
    if (!runs.areTooNew) {
      this.#hasServed = true;
      return runs.over(this.#bytes);
    }
    this.#kept = null;
    if (!this.#hasServed) this.#resting = restingTexts;
    return null;
  }

  #keep(state: object, text: string): Uint8Array {
    this.#bytes = encoder.encode(text);
    this.#kept = partOf(state, 0, this.#bytes.length);
    this.#hasServed = false;
    return this.#bytes;
  }
}

/** A container of the kept state, and where its text begins and ends. */
interface Part {
  readonly value: object;
  readonly from: number;
  readonly to: number;
  members: Members | null;
}

/** What a container holds, each in its place. */
interface Members {
  /** Where the text of each begins, of an object with its key; and last where one more would. */
  readonly starts: readonly number[];
  /** Where the text of each value begins. */
  readonly values: readonly number[];
  /** By key; of an array, by the containers that it holds. */
  readonly places: ReadonlyMap<unknown, number>;
  /** Those that were looked into. */
  readonly parts: Map<number, Part>;
}

const partOf = (value: object, from: number, to: number): Part => ({ value, from, to, members: null });

function membersOf({ value, from }: Part): Members {
  const starts = [from + 1];
  const places = new Map<unknown, number>();
  const parts = new Map<number, Part>();
  const next = (at: number, member: unknown) => starts.push(at + utf8ByteLength(JSON.stringify(member)) + 1);
  if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) {
      if (isContainer(item)) places.set(item, place);
      next(starts[place] as number, item);
    }
    return { starts, values: starts, places, parts };
  }
  const values: number[] = [];
  for (const [place, [key, member]] of Object.entries(value).entries()) {
    places.set(key, place);
    values.push((starts[place] as number) + utf8ByteLength(labelOf(key)));
    next(values[place] as number, member);
  }
  return { starts, values, places, parts };
}

/** Where the text of a member ends. */
const endOf = ({ starts }: Members, place: number) => (starts[place + 1] as number) - 1;

const labelOf = (key: string) => `${JSON.stringify(key)}:`;

function writeChanged(part: Part, next: object, runs: Runs): void {
  part.members ??= membersOf(part);
  if (Array.isArray(next)) writeArray(part.value as readonly unknown[], part.members, next, runs);
  else writeObject(part.value as Fields, part.members, next as Fields, runs);
}

/** Items are found where they went: the run that one begins is copied as a whole. */
function writeArray(kept: readonly unknown[], members: Members, next: readonly unknown[], runs: Runs): void {
  runs.put("[");
  let at = 0;
  for (let index = 0; index < next.length && !runs.areTooNew; ) {
    if (index > 0) runs.put(",");
    const item = next[index];
    const found = item === kept[at] && at < kept.length ? at : members.places.get(item);
    if (found === undefined) {
      writeMember(kept[at], members, at, item, runs);
      index += 1;
      at += 1;
      continue;
    }
    at = found;
    while (at < kept.length && index < next.length && next[index] === kept[at]) {
      at += 1;
      index += 1;
    }
    runs.copy(members.values[found] as number, endOf(members, at - 1));
  }
  runs.put("]");
}

type Fields = Readonly<Record<string, unknown>>;

/** A field that is copied brings the brace or comma before it, so that neighbours are copied together. */
function writeObject(kept: Fields, members: Members, next: Fields, runs: Runs): void {
  const { places, starts, values } = members;
  let written = 0;
  for (const key in next) {
    if (runs.areTooNew) return;
    const place = places.get(key);
    const value = next[key];
    if (place === undefined) {
      runs.put(`${written === 0 ? "{" : ","}${labelOf(key)}${JSON.stringify(value)}`);
    } else {
      const from = starts[place] as number;
      if (written > 0 === place > 0) runs.copy(from - 1, values[place] as number);
      else {
        runs.put(written === 0 ? "{" : ",");
        runs.copy(from, values[place] as number);
      }
      if (value === kept[key]) runs.copy(values[place] as number, endOf(members, place));
      else writeMember(kept[key], members, place, value, runs);
    }
    written += 1;
  }
  runs.put(written === 0 ? "{}" : "}");
}

/** A value that stands where another stood. */
function writeMember(kept: unknown, members: Members, place: number, value: unknown, runs: Runs): void {
  const from = members.values[place] as number;
  const to = endOf(members, place);
  // Past the end there is nothing, and nothing is large.
  if (
    !isContainer(value) ||
    !isContainer(kept) ||
    !(to - from >= leastPartBytes) ||
    Array.isArray(value) !== Array.isArray(kept)
  ) {
    runs.put(JSON.stringify(value));
    return;
  }
  let part = members.parts.get(place);
  if (part === undefined) {
    part = partOf(kept, from, to);
    members.parts.set(place, part);
  }
  writeChanged(part, value, runs);
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** From where to where something is copied, and the text after it. */
interface Run {
  readonly from: number;
  to: number;
  text: string;
}

/** A text as it is written: what is new, and runs of the kept one. */
class Runs {
  #run: Run = { from: 0, to: 0, text: "" };
  readonly #runs = [this.#run];
  #copied = 0;
  #new = 0;
  readonly #mostNew: number;

  constructor(mostNew: number) {
    this.#mostNew = mostNew;
  }

  get areTooNew(): boolean {
    return this.#new > this.#mostNew;
  }

  put(text: string): void {
    this.#run.text += text;
    this.#new += text.length;
  }

  copy(from: number, to: number): void {
    if (this.#run.to === from && this.#run.text === "") this.#run.to = to;
    else {
      this.#run = { from, to, text: "" };
      this.#runs.push(this.#run);
    }
    this.#copied += to - from;
  }

  over(kept: Uint8Array): Uint8Array {
    // A unit of UTF-16 takes three bytes at most.
    const bytes = new Uint8Array(this.#copied + 3 * this.#new);
    let at = 0;
    for (const { from, to, text } of this.#runs) {
      bytes.set(kept.subarray(from, to), at);
      at += to - from;
      if (text !== "") at += encoder.encodeInto(text, bytes.subarray(at)).written;
    }
    return bytes.subarray(0, at);
  }
}
