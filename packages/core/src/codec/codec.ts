import type * as z from "zod";
import { TurnkeepError } from "../errors.js";
import type { GameDefinition } from "../game-definition.js";
import type { JsonValue } from "../json.js";
import { utf8ByteLength } from "./byte-length.js";
import { checkOfChanges } from "./check-changes.js";
import { freezeTrusted, harden } from "./harden.js";
import { formatJsonPath, type PathSteps } from "./json-path.js";

/** A state as text, with its length in bytes of UTF-8; or as these bytes. */
export interface EncodedState<Text extends string | ArrayLike<number> = string> {
  readonly text: Text;
  readonly bytes: number;
}

/**
 * Turns the states of one game into text and back. What it encodes is what it decodes: `encodeState` refuses whatever
 * JSON would change, and a decoded state encodes to the very bytes that it came from.
 */
export interface Codec<State extends object> {
  /**
   * Encodes a state that this process's rules made, and freezes it deeply. With `checkSchema` the schema is asked as well,
   * so that what is encoded can be decoded.
   * @param before the state that it was made from, as this codec encoded, decoded or validated it: parts that are the
   * very same are not walked again. The state itself, if it was validated: then the schema is not asked again.
   * @param options `checkSchema`: `changes` where the schema has passed the state before: then it is asked of what has
   * changed since, and answers the same
   * @throws InvalidState, StateTooLarge, UnsupportedSchema if it is not of the current schema version
   */
  encodeState(state: State, before?: State, options?: EncodeStateOptions): EncodedState;
  /** The same, where the text, or its bytes, are made by `encode` as JSON.stringify would. @throws as `encodeState` */
  encodeBy<Text extends string | ArrayLike<number>>(
    encode: (state: State) => Text,
    state: State,
    before: State,
    options?: EncodeStateOptions,
  ): EncodedState<Text>;
  /**
   * Decodes text from anywhere: size, JSON, refused input, upcasters, schema. The state is deeply frozen.
   * @throws InvalidState, with the reason `json` only if the text is no document at all; StateTooLarge, UnsupportedSchema
   */
  decodeState(text: string): State;
  /**
   * Decodes text that this system itself encoded: parses and freezes (unless `freezeTrusted` is off), nothing more. Text
   * of another schema version goes through `decodeState`.
   * @throws InvalidState (json), and what `decodeState` throws
   */
  decodeTrusted(text: string): State;
  /**
   * Checks a state that comes from a caller, against the input table and the schema; freezes it deeply.
   * @throws InvalidState, UnsupportedSchema
   */
  validate(state: State): void;
  /**
   * Asks the schema alone, of a state that this codec has encoded.
   * @param before a state that the schema has passed: then it is asked of what has changed since, and answers the same
   * @throws InvalidState
   */
  checkSchema(state: State, before?: State): void;
  /**
   * Encodes JSON that stands beside a state, such as a log entry, under the same rules; with `checkSchema` the game's
   * schema of log entries is asked as well. @throws InvalidState, StateTooLarge
   */
  encodeEntry(value: unknown, options?: { readonly checkSchema?: boolean }): string;
  /** Decodes a log entry that this system encoded; deeply frozen. @throws InvalidState (json) */
  decodeEntry(text: string): JsonValue;
}

export interface EncodeStateOptions {
  readonly checkSchema?: boolean | "changes";
}

export interface CodecOptions {
  /** The largest state, and the largest log entry, in bytes of UTF-8. */
  readonly maxStateBytes: number;
  /**
   * Whether states that are decoded as trusted are frozen. If not, who changes one in place changes what others hold.
   * @default true
   */
  readonly freezeTrusted?: boolean;
}

/** The codec of one game. */
export function createCodec<State extends object>(
  game: GameDefinition<State, unknown, unknown>,
  { maxStateBytes, freezeTrusted: freezes = true }: CodecOptions,
): Codec<State> {
  /** Each takes two bytes at least. */
  const maxContainers = maxStateBytes / 2;
  const sized = <Text extends string | ArrayLike<number>>(text: Text): EncodedState<Text> => ({
    text,
    bytes: checkSize(text, maxStateBytes),
  });

  let checkChanges: ReturnType<typeof checkOfChanges> | undefined;
  /** Where it does not pass, or fails, the whole schema says what is wrong. */
  const changesPass = (state: State, before: State | undefined): boolean => {
    try {
      checkChanges ??= checkOfChanges(game.schema);
      return checkChanges(state, before);
    } catch {
      return false;
    }
  };

  const encodeBy = <Text extends string | ArrayLike<number>>(
    encode: (state: State) => Text,
    state: State,
    before: State | undefined,
    { checkSchema: asked }: EncodeStateOptions = {},
  ) => {
    harden(asDocument(state), before, maxContainers);
    checkVersion(game, state as Record<string, unknown>);
    if (asked && state !== before && !(asked === "changes" && changesPass(state, before))) checkSchema(game, state);
    return sized(encode(state));
  };

  const decodeState = (text: string): State => {
    if (typeof text !== "string") throw invalid("type", "$", "a state is decoded from text");
    checkSize(text, maxStateBytes);
    const document = parseDocument(text);
    harden(document);
    const current = bringUpToDate(game, document, text);
    checkSchema(game, current);
    return current;
  };

  return Object.freeze({
    encodeState: (state: State, before?: State, options?: EncodeStateOptions) =>
      encodeBy((one) => JSON.stringify(one), state, before, options),
    encodeBy,
    decodeState,
    decodeTrusted(text: string) {
      const document = parseDocument(text);
      if (game.schemaVersionOf(document) !== game.schemaVersion) return decodeState(text);
      if (freezes) freezeTrusted(document);
      return document as State;
    },
    checkSchema(state: State, before?: State) {
      if (before === undefined || !changesPass(state, before)) checkSchema(game, state);
    },
    validate(state: State) {
      harden(asDocument(state), undefined, maxContainers);
      checkVersion(game, state as Record<string, unknown>);
      checkSchema(game, state);
    },
    encodeEntry(value: unknown, options: { readonly checkSchema?: boolean } = {}) {
      harden(value, undefined, maxContainers);
      if (options.checkSchema && game.logEntry !== null) checkBy(game.logEntry, value, "log entry");
      return sized(JSON.stringify(value)).text;
    },
    decodeEntry(text: string) {
      const entry = parse(text);
      freezeTrusted(entry);
      return entry as JsonValue;
    },
  });
}

function invalid(reason: "type" | "json" | "schema", path: string, message: string) {
  return new TurnkeepError("InvalidState", message, { reason, path });
}

function checkSize(text: string | ArrayLike<number>, maxBytes: number): number {
  const bytes = typeof text === "string" ? utf8ByteLength(text) : text.length;
  if (bytes > maxBytes) {
    throw new TurnkeepError("StateTooLarge", `${bytes} bytes, where ${maxBytes} are allowed`, { bytes, maxBytes });
  }
  return bytes;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and with it the state.
    throw invalid("json", "$", "the text is not JSON");
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asDocument(value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  throw invalid("type", "$", "a state is a JSON object");
}

/** Text that is no JSON object is no document, whatever the schema of the reader. */
function parseDocument(text: string): Record<string, unknown> {
  const value = parse(text);
  if (isObject(value)) return value;
  throw invalid("json", "$", "the text is not a JSON object");
}

function unsupported(found: number | null, supported: number) {
  return new TurnkeepError("UnsupportedSchema", `schema version ${found} is not one of 1 to ${supported}`, {
    found,
    supported,
  });
}

function checkVersion<State extends object>(
  game: GameDefinition<State, unknown, unknown>,
  document: Record<string, unknown>,
): void {
  const found = game.schemaVersionOf(document);
  if (found !== game.schemaVersion) throw unsupported(found, game.schemaVersion);
}

/** The document in the current schema version, hardened. Upcasters get a fresh copy, which they may change. */
function bringUpToDate<State extends object>(
  game: GameDefinition<State, unknown, unknown>,
  document: Record<string, unknown>,
  text: string,
): State {
  const found = game.schemaVersionOf(document);
  if (found === game.schemaVersion) return document as State;
  if (found === null || !Number.isSafeInteger(found) || found > game.schemaVersion) {
    throw unsupported(found, game.schemaVersion);
  }
  let current = parseDocument(text);
  for (let version = found; version < game.schemaVersion; version++) {
    const upcast = Object.hasOwn(game.upcasters, version) ? game.upcasters[version] : undefined;
    if (upcast === undefined) throw unsupported(found, game.schemaVersion);
    try {
      current = upcast(current);
    } catch (cause) {
      throw new TurnkeepError(
        "InvalidState",
        `the document of schema version ${version} is not what its upcaster expects`,
        { reason: "schema", path: "$" },
        { cause },
      );
    }
  }
  harden(asDocument(current));
  checkVersion(game, current);
  return current as State;
}

/** The schema checks the document and nothing else: its output is dropped, so that bytes and key order stay. */
function checkSchema<State extends object>(game: GameDefinition<State, unknown, unknown>, document: unknown): void {
  checkBy(game.schema, document, "state");
}

function checkBy(schema: z.ZodType, document: unknown, what: "state" | "log entry"): void {
  let verdict: z.ZodSafeParseResult<unknown>;
  try {
    verdict = schema.safeParse(document);
  } catch (cause) {
    const details = { reason: "schema", path: "$" } as const;
    throw new TurnkeepError("InvalidState", `the schema itself fails on the ${what}`, details, { cause });
  }
  if (verdict.success) return;
  const [issue] = verdict.error.issues;
  const path = formatJsonPath(issue === undefined ? [] : stepsTo(issue));
  throw invalid("schema", path, `the ${what} breaks its schema (${issue?.code ?? "unknown"}) at ${path}`);
}

/** The way to what an issue is about: a key that the schema does not know; of a union the branch that came furthest. */
function stepsTo(issue: z.core.$ZodIssue): PathSteps {
  const steps = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") return [...steps, ...issue.keys.slice(0, 1)];
  if (issue.code !== "invalid_union") return steps;
  const branches = issue.errors.flatMap(([first]) => (first === undefined ? [] : [stepsTo(first)]));
  return [...steps, ...branches.reduce((furthest, one) => (one.length > furthest.length ? one : furthest), [])];
}
