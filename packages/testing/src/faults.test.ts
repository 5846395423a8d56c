import { defineGame } from "@turnkeep/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { findFaults, simulate } from "./index.js";
import { apply, howToPlay, type Showdown, type ShowdownMove, showdown, viewFor, written } from "./testing/showdown.js";

/* Faults, each planted in the healthy game, and each found. */

type Rules = typeof howToPlay;
type Play = Rules["play"];

/** The findings, of the game with these changes. */
async function faultsOf(rules: Partial<Rules>, definition: Partial<typeof written> = {}) {
  const game = Object.keys(definition).length === 0 ? showdown : defineGame({ ...written, ...definition });
  return (await findFaults(game, { ...howToPlay, ...rules }, { seed: 7, runs: 40 })).findings;
}

/** The healthy step, with a change of its state. */
const changed =
  (change: (next: Showdown, move: ShowdownMove, serviceMs: number) => Showdown): Play =>
  (state, move, serviceMs, rules) => {
    const step = howToPlay.play(state, move, serviceMs, rules) as { state: Showdown; log: never[] };
    return { ...step, state: change(step.state, move, serviceMs) };
  };

test("chance that does not come from the state", async () => {
  const shuffled = changed((next, move) => ("draw" in move ? { ...next, turnEndsAt: 1e12 + Math.random() } : next));
  const play: Play = (...step) => shuffled(...step);
  const findings = await faultsOf({ play, replay: undefined });
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: "pure",
      message: expect.stringContaining("$.turnEndsAt"),
      moves: [expect.anything()],
    }),
  );
});

test("a deadline by the wall clock", async () => {
  const play = changed((next) => ({ ...next, turnEndsAt: Math.floor(Date.now() / 1_000) }));
  expect(await faultsOf({ play, replay: undefined })).toContainEqual(expect.objectContaining({ check: "pure" }));
});

test("a part of the game in a variable of the module", async () => {
  let draws = 0;
  const play = changed((next, move) => {
    if ("draw" in move) draws += 1;
    return { ...next, turnEndsAt: next.turnEndsAt + draws };
  });
  expect(await faultsOf({ play, replay: undefined })).toContainEqual(expect.objectContaining({ check: "pure" }));
});

test("a reducer that changes the state which it is given", async () => {
  const play: Play = (state, move, serviceMs, rules) => {
    if ("draw" in move) (state.hands[0] as string[]).sort();
    return howToPlay.play(state, move, serviceMs, rules);
  };
  expect(await faultsOf({ play, replay: undefined })).toContainEqual(
    expect.objectContaining({ check: "input", message: expect.stringContaining("$.hands[0]") }),
  );
});

test("a view that sorts the state's own cards", async () => {
  const findings = await faultsOf(
    {},
    {
      viewFor: (state, viewer) => {
        for (const hand of state.hands) (hand as string[]).sort();
        return viewFor(state, viewer);
      },
    },
  );
  expect(findings).toContainEqual(
    expect.objectContaining({ check: "input", message: expect.stringContaining("viewFor changes"), moves: [] }),
  );
});

test("a state that JSON would change", async () => {
  const play = changed((next) => (next.deck.length === 2 ? { ...next, turnEndsAt: Number.NaN } : next));
  expect(await faultsOf({ play, replay: undefined })).toContainEqual(
    expect.objectContaining({ check: "states", message: expect.stringContaining("not finite at $.turnEndsAt") }),
  );
});

test("a state that breaks its schema", async () => {
  const play = changed((next) => ({ ...next, turn: next.turn > 6 ? next.turn + 0.5 : next.turn }));
  expect(await faultsOf({ play, replay: undefined })).toContainEqual(
    expect.objectContaining({ check: "states", message: expect.stringContaining("breaks its schema") }),
  );
});

test("a log entry that breaks its schema", async () => {
  const logEntry = z.record(z.string(), z.int());
  expect(await faultsOf({}, { logEntry })).toContainEqual(
    expect.objectContaining({ check: "states", message: expect.stringContaining("log entry breaks its schema") }),
  );
});

test("a result that names a stranger", async () => {
  const resultOf: typeof written.resultOf = (state) => {
    const result = written.resultOf(state);
    return result === null ? null : { ...result, winnerIds: result.winnerIds.map(() => "carol") };
  };
  expect(await faultsOf({}, { resultOf })).toContainEqual(
    expect.objectContaining({ check: "definition", message: expect.stringContaining("resultOf.winnerIds") }),
  );
});

test("a view that shows the other hand to a stranger", async () => {
  const leaking: typeof viewFor = (state, viewer) =>
    viewer !== "spectator" && !state.players.includes(viewer.playerId)
      ? { ...viewFor(state, viewer), hand: state.hands[0] }
      : viewFor(state, viewer);
  expect(await faultsOf({}, { viewFor: leaking })).toContainEqual(
    expect.objectContaining({ check: "views", message: expect.stringContaining("a-stranger"), moves: [] }),
  );
});

test("a view from which the next card can be guessed", async () => {
  const leaking: typeof viewFor = (state, viewer) => ({
    ...viewFor(state, viewer),
    deckSize: state.deck.length + (state.deck[0] === "c01" ? 1 : 0),
  });
  expect(await faultsOf({}, { viewFor: leaking })).toContainEqual(expect.objectContaining({ check: "views" }));
});

test("a log that leaves something out", async () => {
  const play: Play = (state, move, serviceMs, rules) => {
    const step = howToPlay.play(state, move, serviceMs, rules) as { state: Showdown; log: never[] };
    return "draw" in move && state.turn > 2 ? { ...step, log: [] } : step;
  };
  const [finding] = await faultsOf({ play });
  expect(finding).toMatchObject({ check: "replay" });
  // Three moves lead to the fourth, which is the one.
  expect(finding?.moves.length).toBeLessThanOrEqual(4);
  expect(finding?.moves.at(-1)).toEqual({ seat: expect.any(Number), draw: true });
});

test("an upcaster that leaves out a field, and a version without a document", async () => {
  const upcasters = { 1: (document: Record<string, unknown>) => ({ ...document, schemaVersion: 2 }) };
  expect(await faultsOf({}, { upcasters })).toContainEqual(
    expect.objectContaining({ check: "upcasters", message: expect.stringContaining("$.turnEndsAt") }),
  );
  expect(await faultsOf({ documents: {} })).toEqual([expect.objectContaining({ check: "upcasters" })]);
});

test("a deadline that is never over", async () => {
  const onDue: Rules["onDue"] = (state) => ({ ...state, turn: state.turn + 1 });
  expect(await faultsOf({ onDue, replay: undefined })).toContainEqual(
    expect.objectContaining({ check: "deadlines", message: expect.stringContaining("for ever") }),
  );
});

test("a legal move that is refused, and a game in which nobody can move", async () => {
  const play: Play = (state, move, serviceMs, rules) => {
    if ("draw" in move && state.deck.length === 1) throw new Error("the last card stays");
    return howToPlay.play(state, move, serviceMs, rules);
  };
  expect(await faultsOf({ play })).toContainEqual(
    expect.objectContaining({ check: "moves", message: expect.stringContaining("the last card stays") }),
  );
  const legalMoves: Rules["legalMoves"] = (state) => howToPlay.legalMoves(state).filter((move) => "draw" in move);
  expect(await faultsOf({ legalMoves, onDue: undefined })).toContainEqual(expect.objectContaining({ check: "moves" }));
});

test("an onDue that fails", async () => {
  const onDue: Rules["onDue"] = () => {
    throw new Error("nobody is late");
  };
  expect(await faultsOf({ onDue })).toContainEqual(
    expect.objectContaining({ check: "moves", message: "onDue fails with “nobody is late”" }),
  );
});

test("the report says what to do, and the same seed finds the same", async () => {
  const play = changed((next) => ({ ...next, turn: 0.5 }));
  const findings = await faultsOf({ play, replay: undefined });
  expect(await faultsOf({ play, replay: undefined })).toEqual(findings);
  const { checkGame } = await import("./index.js");
  await expect(checkGame(showdown, { ...howToPlay, play, replay: undefined }, { seed: 7 })).rejects.toThrow(
    /showdown breaks \d of the promises[\s\S]*states: [\s\S]*after newGame with seed \d+, and 1 moves\n {5}\{"seat":0[\s\S]*\{ seed: 7 \}/,
  );
});

test("a simulation finds rules that remember what no server knows any more", async () => {
  const seen = new Set<string>();
  const play: Play = (state, move, serviceMs) => {
    const key = `${state.id} ${state.turn}`;
    // The second call for the same turn gives another state, as from a memory that a crash has lost.
    const again = seen.has(key);
    seen.add(key);
    return { state: apply(state, move, serviceMs + 86_400_000 + (again ? 1 : 0)), log: [] };
  };
  await expect(simulate(showdown, { ...howToPlay, play }, { seed: 3, days: 2, crashes: 5 })).rejects.toThrow(
    /simulation of seed 3, in a game \(newGame with seed \d+\), the answer to the move .* is not what was acknowledged/,
  );
});

test("a simulation takes a wrong answer for no deadline's, where one has come", async () => {
  const due = new Set<string>();
  const onDue: Rules["onDue"] = (state) => {
    due.add(state.id);
    return state;
  };
  const seen = new Set<string>();
  const play: Play = (state, move, serviceMs) => {
    const key = `${state.id} ${state.turn}`;
    const again = due.has(state.id) && seen.has(key);
    seen.add(key);
    return { state: apply(state, move, serviceMs + (again ? 1 : 0)), log: [] };
  };
  await expect(simulate(showdown, { ...howToPlay, onDue, play }, { seed: 3, crashes: 0 })).rejects.toThrow(
    /the answer to the move .* is not what was acknowledged/,
  );
});

test("rules learn which version of them is played, at random and on servers that crash", async () => {
  const seen = new Set<number>();
  const noted = defineGame({ ...written, rulesVersion: 3, oldestRulesVersion: 2 });
  const play: Play = (state, move, serviceMs, rules) => {
    seen.add(rules.rulesVersion);
    return howToPlay.play(state, move, serviceMs, rules);
  };
  const onDue: Rules["onDue"] = (state, serviceMs, rules) => {
    seen.add(rules.rulesVersion);
    return howToPlay.onDue?.(state, serviceMs, rules) ?? state;
  };
  expect((await findFaults(noted, { ...howToPlay, play, onDue }, { seed: 7, runs: 10 })).findings).toEqual([]);
  expect([...seen]).toEqual([3]);
});
