/** How a player plays. */
export interface PlayStyle {
  /** Thinks so long before an action, at least and at most, in ms. */
  readonly thinkMs: readonly [number, number];
  /** Asks if nothing was pushed for so long. */
  readonly askAfterMs: number;
  /** How often a write goes over the socket, else over HTTP; from 0 to 1. */
  readonly overSocket: number;
  /** How often the player does anything that is allowed instead of what is sensible. */
  readonly whims: number;
  readonly concedes: number;
  /** Offers a draw whenever allowed, and accepts any. */
  readonly wantsDraw: boolean;
  /** Does nothing any more from this turn on. */
  readonly asleepFromTurn: number;
  /** Once it fires, the player gives the game up; `null`: never. */
  readonly leave: AbortSignal | null;
}

const lively: PlayStyle = {
  thinkMs: [5, 40],
  askAfterMs: 2_000,
  overSocket: 0.5,
  whims: 0.2,
  concedes: 0.002,
  wantsDraw: false,
  asleepFromTurn: Number.POSITIVE_INFINITY,
  leave: null,
};

/** Ways to play, to begin with. */
export const playStyles = {
  /** In haste, by any way, with a whim now and then. */
  lively,
  /** Never gives up by itself, and does what is sensible. */
  steady: { ...lively, whims: 0, concedes: 0 },
  peaceful: { ...lively, wantsDraw: true },
  sleepy: { ...lively, concedes: 0, asleepFromTurn: 3 },
} satisfies Readonly<Record<string, PlayStyle>>;
