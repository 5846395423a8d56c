import type { Mix } from "./capacity.js";

export interface NamedMix {
  readonly title: string;
  readonly mix: Mix;
}

/** What docs/capacity.md shows. Public figures of lichess: about five million games a day, each of about 70 moves. */
export const namedMixes: readonly NamedMix[] = [
  {
    title: "One million live games, an action of each every 30 seconds, every third ends a turn",
    mix: { games: 1_000_000, actionsPerSecond: 33_000, turnShare: 0.33, gamesPerDay: 5_000_000 },
  },
  {
    title: "A day like that of lichess: 4 000 moves a second, each a turn",
    mix: { games: 100_000, actionsPerSecond: 4_000, turnShare: 1, gamesPerDay: 5_000_000 },
  },
  {
    title: "One million correspondence games, an action of each every hour",
    mix: { games: 1_000_000, actionsPerSecond: 280, turnShare: 0.33, gamesPerDay: 30_000 },
  },
];

/**
 * A mix from `games=…,actionsPerSecond=…,turnShare=…,gamesPerDay=…`; what it leaves out is that of the first named one.
 * @throws RangeError for what it does not understand
 */
export function parseMix(text: string): Mix {
  const mix: Record<string, number> = { ...namedMixes[0]?.mix };
  for (const part of text.split(",").filter(Boolean)) {
    const [name = "", value = ""] = part.split("=");
    const number = Number(value);
    if (!(name in mix) || value === "" || !(number >= 0)) {
      throw new RangeError(`${part} is not understood: give ${Object.keys(mix).join("=…,")}=…`);
    }
    mix[name] = number;
  }
  return mix as unknown as Mix;
}
