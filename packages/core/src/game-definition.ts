import type * as z from "zod";
import type { ReadonlyParts } from "./deep-readonly.js";
import type { JsonValue } from "./json.js";
import { type GameWords, type Outcome, wordSchema } from "./outcome.js";

/** Who looks at a game: one of its players, or a spectator. */
export type Viewer = { readonly playerId: string } | "spectator";

/** Brings a document from one schema version to the next; it may change its (freshly parsed) argument. */
export type Upcaster = (document: Record<string, unknown>) => Record<string, unknown>;

/**
 * All that Turnkeep needs to know of a game. The functions are pure and synchronous, and never change the state,
 * which is frozen.
 */
export interface GameDefinition<State extends object = object, View = unknown, Entry = JsonValue> extends GameWords {
  /** A short name, such as `card-game`. */
  readonly name: string;
  /**
   * Validates a document of the current schema version. It only checks: the document is kept as it is, so defaults and
   * transformations in the schema have no effect (upcasters add what older documents lack).
   */
  readonly schema: z.ZodType<State>;
  /**
   * Validates each log entry that is written, as `schema` does a state; `null` takes any JSON. Entries that are read were
   * checked by the code that wrote them.
   */
  readonly logEntry: z.ZodType<Entry> | null;
  /** The version that this code writes; an integer from 1. */
  readonly schemaVersion: number;
  /** Reads a stored document's schema version; `null` if it has none. */
  readonly schemaVersionOf: (document: Record<string, unknown>) => number | null;
  /** The oldest version that documents may still have; without upcasters below it. */
  readonly oldestSchemaVersion: number;
  /** `upcasters[n]` brings a document of version n to n + 1; there is one for each version from the oldest on. */
  readonly upcasters: Readonly<Record<number, Upcaster>>;
  /** The version of the rules that new games begin under, and keep; an integer from 1. */
  readonly rulesVersion: number;
  /** The oldest rules that this code still plays, with all up to `rulesVersion`; games of others are not written. */
  readonly oldestRulesVersion: number;
  readonly idOf: (state: State) => string;
  /** The turn number; a change of it is a turn boundary and makes a write durable. */
  readonly turnOf: (state: State) => number;
  /**
   * When a player runs out of time, in whole ms of service time (a clock that stands still while the service is away);
   * `null` where no player can.
   */
  readonly dueAt: (state: State) => number | null;
  /** How the game ended, or `null` while it is played. */
  readonly resultOf: (state: State) => Outcome | null;
  /** The rules in force, recorded in the store beside the state. */
  readonly rulesOf: (state: State) => unknown;
  /** Ids of the players, in the order of the state; each once, at most 64. An NPC's begins with `npc:`. */
  readonly playersOf: (state: State) => readonly string[];
  /** What this viewer may see; it holds nothing else. */
  readonly viewFor: (state: State, viewer: Viewer) => View;
}

/** Whether the versions of the rules are whole numbers that a store keeps, from the oldest to the newest. */
export function hasSoundRules({
  oldestRulesVersion: oldest,
  rulesVersion: newest,
}: Pick<GameDefinition, "oldestRulesVersion" | "rulesVersion">): boolean {
  return Number.isInteger(oldest) && Number.isInteger(newest) && 1 <= oldest && oldest <= newest && newest < 2 ** 31;
}

/** Whether this code plays games that began under these rules. */
export function playsRules(
  { oldestRulesVersion, rulesVersion }: Pick<GameDefinition, "oldestRulesVersion" | "rulesVersion">,
  version: number,
): boolean {
  return version >= oldestRulesVersion && version <= rulesVersion;
}

/** Games of one version of the rules. */
export interface GamesByRules {
  readonly rulesVersion: number;
  readonly games: number;
}

/**
 * Which games a deploy of this definition could not play, the oldest rules first.
 * @param counts how many games there are under each version of the rules, as a store counts them
 */
export function unplayedGames(
  game: Pick<GameDefinition, "oldestRulesVersion" | "rulesVersion">,
  counts: ReadonlyMap<number, number>,
): readonly GamesByRules[] {
  return [...counts]
    .filter(([version]) => !playsRules(game, version))
    .map(([rulesVersion, games]) => ({ rulesVersion, games }))
    .sort((a, b) => a.rulesVersion - b.rulesVersion);
}

/** What a game's author writes: the schema, and functions that cannot change the states which they are given. */
type Written<State extends object, View, Entry> = Omit<
  GameDefinition<ReadonlyParts<State>, View, Entry>,
  Optional | "schema"
> &
  Partial<Pick<GameDefinition<ReadonlyParts<State>, View, Entry>, Optional>> & { readonly schema: z.ZodType<State> };

type Optional =
  | "endReasons"
  | "gameTypes"
  | "logEntry"
  | "schemaVersionOf"
  | "oldestSchemaVersion"
  | "upcasters"
  | "rulesVersion"
  | "oldestRulesVersion"
  | "dueAt"
  | "rulesOf"
  | "playersOf"
  | "viewFor";

/**
 * A game definition with defaults filled in: `schemaVersionOf` reads the field `schemaVersion`, the oldest version is
 * 1, there are no upcasters, all rules up to version 1 are played, no player runs out of time, rules are `{}`, there are
 * no players, a viewer sees `null`, a log entry is any JSON, and any word is an end reason and a game type. States are
 * frozen, so their type is deeply read-only from here on: `state.turn += 1` does not compile, in the definition's
 * functions and in reducers.
 * @throws Error if a word of the definition is none, an upcaster is missing, or the rules' versions are no whole numbers
 */
export function defineGame<State extends object, View = null, Entry = JsonValue>(
  game: Written<State, View, Entry>,
): GameDefinition<ReadonlyParts<State>, View, Entry> {
  for (const word of [...(game.endReasons ?? []), ...(game.gameTypes ?? [])]) {
    if (!wordSchema.safeParse(word).success)
      throw new Error(`the word "${word}" of a game has to match [a-z][a-z0-9_]*`);
  }
  const { oldestSchemaVersion = 1, upcasters = {} } = game;
  for (let version = oldestSchemaVersion; version < game.schemaVersion; version += 1) {
    if (!Object.hasOwn(upcasters, version))
      throw new Error(
        `the game "${game.name}" has no upcaster ${version}, so documents of version ${version} could not be read: add it, or raise oldestSchemaVersion`,
      );
  }
  const { rulesVersion = 1, oldestRulesVersion = 1 } = game;
  if (!hasSoundRules({ rulesVersion, oldestRulesVersion }))
    throw new Error(
      `the game "${game.name}" has no sound versions of its rules: oldestRulesVersion and rulesVersion are whole numbers from 1, in this order`,
    );
  return Object.freeze({
    endReasons: null,
    gameTypes: null,
    logEntry: null,
    schemaVersionOf: (document: Record<string, unknown>) =>
      typeof document.schemaVersion === "number" ? document.schemaVersion : null,
    oldestSchemaVersion,
    upcasters,
    rulesVersion,
    oldestRulesVersion,
    dueAt: () => null,
    rulesOf: () => ({}),
    playersOf: () => [],
    viewFor: () => null as View,
    ...game,
    schema: game.schema as z.ZodType as z.ZodType<ReadonlyParts<State>>,
  });
}
