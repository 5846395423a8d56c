import { type Counter, type CounterView, counterGame, counterSchema } from "@turnkeep/conformance/counter-game";
import { defineGame, type GameDefinition } from "@turnkeep/core";

type Game = GameDefinition<Counter, CounterView>;

const failing = () => {
  throw new TypeError("a bug of the new release");
};

/** Every game has rules, which it does not know. */
const stricter = counterSchema.omit({ rules: true }) as unknown as Game["schema"];

/** What a deploy may bring by mistake: none of these definitions can read the games of the right one. */
const definitions = {
  "a stricter schema": defineGame({ ...counterGame, schema: stricter }),
  "a missing upcaster": defineGame({ ...counterGame, schemaVersion: 2, oldestSchemaVersion: 2 }),
  "an upcaster that fails": defineGame({ ...counterGame, schemaVersion: 2, upcasters: { 1: failing } }),
  "another game": defineGame({ ...counterGame, name: "another-game" }),
} satisfies Record<string, Game>;

export type BadDeploy = keyof typeof definitions;

/** What a server knows of the game. */
export const definitionOf = (deploy: BadDeploy | undefined): Game =>
  deploy === undefined ? counterGame : definitions[deploy];
