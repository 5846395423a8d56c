import type * as z from "zod";
import type { ReadonlyParts } from "./deep-readonly.js";
import { type GameWords, type Outcome, wordSchema } from "./outcome.js";

/** Who looks at a game: one of its players, or a spectator. */
export type Viewer = { readonly playerId: string } | "spectator";

/** Brings a document from one schema version to the next; it may change its (freshly parsed) argument. */
export type Upcaster = (document: Record<string, unknown>) => Record<string, unknown>;

/**
 * All that Turnkeep needs to know of a game. The functions are pure and synchronous, and never change the state,
 * which is frozen.
 */
export interface GameDefinition<State extends object = object, View = unknown> extends GameWords {
  /** A short name, such as `card-game`. */
  readonly name: string;
  /**
   * Validates a document of the current schema version. It only checks: the document is kept as it is, so defaults and
   * transformations in the schema have no effect (upcasters add what older documents lack).
   */
  readonly schema: z.ZodType<State>;
  /** The version that this code writes; an integer from 1. */
  readonly schemaVersion: number;
  /** Reads a stored document's schema version; `null` if it has none. */
  readonly schemaVersionOf: (document: Record<string, unknown>) => number | null;
  /** The oldest version that documents may still have; without upcasters below it. */
  readonly oldestSchemaVersion: number;
  /** `upcasters[n]` brings a document of version n to n + 1; there is one for each version from the oldest on. */
  readonly upcasters: Readonly<Record<number, Upcaster>>;
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

/** What a game's author writes: the schema, and functions that cannot change the states which they are given. */
type Written<State extends object, View> = Omit<GameDefinition<ReadonlyParts<State>, View>, Optional | "schema"> &
  Partial<Pick<GameDefinition<ReadonlyParts<State>, View>, Optional>> & { readonly schema: z.ZodType<State> };

type Optional =
  | "endReasons"
  | "gameTypes"
  | "schemaVersionOf"
  | "oldestSchemaVersion"
  | "upcasters"
  | "dueAt"
  | "rulesOf"
  | "playersOf"
  | "viewFor";

/**
 * A game definition with defaults filled in: `schemaVersionOf` reads the field `schemaVersion`, the oldest version is
 * 1, there are no upcasters, no player runs out of time, rules are `{}`, there are no players, a viewer sees `null`, and any word is an
 * end reason and a game type. States are frozen, so their type is deeply read-only from here on: `state.turn += 1` does
 * not compile, in the definition's functions and in reducers.
 * @throws Error if a word of the definition is none, or an upcaster is missing
 */
export function defineGame<State extends object, View = null>(
  game: Written<State, View>,
): GameDefinition<ReadonlyParts<State>, View> {
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
  return Object.freeze({
    endReasons: null,
    gameTypes: null,
    schemaVersionOf: (document: Record<string, unknown>) =>
      typeof document.schemaVersion === "number" ? document.schemaVersion : null,
    oldestSchemaVersion,
    upcasters,
    dueAt: () => null,
    rulesOf: () => ({}),
    playersOf: () => [],
    viewFor: () => null as View,
    ...game,
    schema: game.schema as z.ZodType as z.ZodType<ReadonlyParts<State>>,
  });
}
