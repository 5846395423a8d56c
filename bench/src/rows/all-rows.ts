import { action, turn } from "./action.js";
import { creation } from "./creation.js";
import { flush } from "./flush.js";
import { games, heldGames, recoveryGrowth } from "./growth.js";
import { count, playersGames } from "./lists.js";
import { load, loadHeld } from "./loading.js";
import { end, log } from "./long-games.js";
import { recovery } from "./recovery.js";
import type { Row } from "./row.js";
import { socket } from "./socket.js";
import { verifying } from "./verifying.js";

/** Rows that are measured when none is named. */
export const standardRows: readonly Row[] = [
  action,
  loadHeld,
  load,
  turn,
  creation,
  recovery,
  verifying,
  count,
  playersGames,
  flush,
  log,
  end,
  socket,
];

/** How things grow: these take as long again. */
export const growthRows: readonly Row[] = [games, heldGames, recoveryGrowth];

export const allRows: readonly Row[] = [...standardRows, ...growthRows];
