import { shown } from "../play/kept.js";
import { deadline } from "../play/walk.js";
import { type Check, messageOf } from "./check.js";

/** A legal move and a deadline are played, and a game that is not over goes on. */
export const movesArePlayed: Check = (_players, { end }) => {
  if (end === "stuck") return "the game is not over, and no player can move";
  if (typeof end === "string") return null;
  if (end.move === deadline) return `onDue fails with “${messageOf(end.threw)}”`;
  return `it fails with “${messageOf(end.threw)}” at the move ${shown(end.move)}, which is one of its legalMoves`;
};
