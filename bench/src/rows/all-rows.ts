import { action, turn } from "./action.js";
import { creation } from "./creation.js";
import { flush } from "./flush.js";
import { count, playersGames } from "./lists.js";
import { load, loadHeld } from "./loading.js";
import { end, log } from "./long-games.js";
import { recovery } from "./recovery.js";
import type { Row } from "./row.js";

export const allRows: readonly Row[] = [
  action,
  loadHeld,
  load,
  turn,
  creation,
  recovery,
  count,
  playersGames,
  flush,
  log,
  end,
];
