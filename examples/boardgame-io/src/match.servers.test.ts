import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { expect, test } from "vitest";
import { createStorage } from "./config.js";
import { marks, playMatch } from "./play-match.js";

test("two clients play by boardgame.io's own server, which is killed once, and the match is kept with its log", async () => {
  const stores = { ...testServers(), name: uniqueName("tic_tac_toe") };
  const matchID = await playMatch(stores);
  const db = createStorage(stores);
  await db.connect();
  const { state, log, metadata } = await db.fetch(matchID, { state: true, log: true, metadata: true });
  expect(state.G).toEqual({ cells: ["0", "0", "0", "1", "1", null, null, null, null] });
  expect(state.ctx.gameover).toEqual({ winner: "0" });
  const moves = log.filter(({ action }) => action.type === "MAKE_MOVE");
  expect(moves.map(({ action }) => action.payload.args)).toEqual(marks.map((cell) => [cell]));
  expect(Object.values(metadata.players).map(({ name }) => name)).toEqual(["Ann", "Bob"]);
  expect(await db.listMatches({ gameName: "tic-tac-toe", where: { isGameover: true } })).toEqual([matchID]);
  await db.close();
});
