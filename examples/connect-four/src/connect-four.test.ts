import { readFileSync } from "node:fs";
import { checkGame } from "@turnkeep/testing";
import { expect, test } from "vitest";
import { type ConnectFour, connectFour, drop, legalColumns, newConnectFour } from "./connect-four.js";

test("connect four owes nothing", async () => {
  const report = await checkGame(connectFour, {
    newGame: (id) => newConnectFour(id, ["ann", "bob"]),
    legalMoves: legalColumns,
    play: (state: ConnectFour, column: number) => drop(state, state.players[state.turn % 2] ?? "", column),
  });
  expect(report.ended).toBeGreaterThan(0);
});

test("its rules, its server and its start are three screens of code", () => {
  const lines = ["connect-four.ts", "create-app.ts", "config.ts", "main.ts"].map(
    (file) => readFileSync(new URL(file, import.meta.url), "utf8").split("\n").length,
  );
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(3 * 66);
});
