import { expect, it } from "vitest";
import type { CardDefinition, Codec, GameDefinition, GameState, GameView, NewCardGame, Outcome } from "./index.js";

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Holds `true` where the type is `any`, or has it within so many levels. */
type Search<T, Levels extends readonly unknown[] = [1, 1, 1, 1, 1, 1]> =
  IsAny<T> extends true
    ? true
    : Levels extends readonly [unknown, ...infer Rest]
      ? T extends (...args: infer Args) => infer Result
        ? Search<Args, Rest> | Search<Result, Rest>
        : T extends readonly (infer Item)[]
          ? Search<Item, Rest>
          : T extends object
            ? { [K in keyof T]-?: Search<T[K], Rest> }[keyof T]
            : false
      : false;

type HasAny<T> = true extends Search<T> ? true : false;

/** Compiles only where `any` is found nowhere; the values are those that the compiler worked out. */
const found: {
  readonly control: HasAny<{ fine: string; deep: { list: ReturnType<typeof JSON.parse>[] } }>;
  readonly card: HasAny<CardDefinition>;
  readonly state: HasAny<GameState>;
  readonly view: HasAny<GameView>;
  readonly newGame: HasAny<NewCardGame>;
  readonly outcome: HasAny<Outcome>;
  readonly codec: HasAny<Codec<GameState>>;
  readonly game: HasAny<Omit<GameDefinition<GameState, GameView>, "schema" | "logEntry">>;
} = {
  control: true,
  card: false,
  state: false,
  view: false,
  newGame: false,
  outcome: false,
  codec: false,
  game: false,
};

it("no public type holds `any` (the compiler checks it; a control shows that it would be found)", () => {
  const { control, ...types } = found;
  expect(control).toBe(true);
  expect(Object.values(types)).not.toContain(true);
});
