import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "boardgame.io/client";
import { game } from "./game.js";

test("three in a row win", () => {
  const client = Client({ game, numPlayers: 2, debug: false });
  client.start();
  for (const cell of [0, 3, 1, 4, 2]) client.moves.mark?.(cell);
  assert.deepEqual(client.getState()?.ctx.gameover, { winner: "0" });
  client.stop();
});
