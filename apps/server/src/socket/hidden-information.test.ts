import { randomUUID } from "node:crypto";
import type { CardAction } from "@turnkeep/card-rules";
import type { GameState } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import type { ServedGame } from "../games/served/served-game.js";
import { canaryGame, hiddenFrom } from "../testing/canary-game.js";
import { ask, playOneMove, TestPlayer } from "../testing/test-player.js";
import { startTestServer } from "../testing/test-server.js";
import type { TestSocket } from "../testing/test-socket.js";

const maxMoves = 25;

interface Seat {
  readonly player: TestPlayer;
  /** Whose hand they may see. */
  readonly viewerId: string | null;
  readonly socket: TestSocket;
  /** All that they were answered over HTTP. */
  readonly answers: string[];
}

/**
 * Lets two players play before a spectator's eyes and collects every word that each of them is answered. Once a card has
 * been shown it stays known, so what is hidden at some moment must never have been said before.
 */
async function findLeaks(served: ServedGame<GameState, CardAction>) {
  const server = await startTestServer({ served, environment: { METRICS_PORT: "0" } });
  const [ada, bo, spectator] = [await TestPlayer.create(), await TestPlayer.create(), await TestPlayer.create()];
  const { gameId } = await ada.invite(server.address, bo);
  const seats: Seat[] = [];
  for (const player of [ada, bo, spectator]) {
    const socket = await player.connect(server.address);
    socket.say({ type: "watch", gameId });
    await socket.hear("view");
    seats.push({ player, viewerId: player === spectator ? null : player.id, socket, answers: [] });
  }
  const leaks = new Set<string>();
  const said = new Set<string>();
  const firstVersion = String((await ada.see(server.address, gameId)).version);
  let moves = 0;
  for (; moves < maxMoves; moves += 1) {
    const { version, status } = await playOneMove(server.address, gameId, [ada, bo]);
    const loaded = status === "live" ? await server.manager.loadState(gameId) : null;
    if (loaded === null) break;
    for (const seat of seats) {
      await seat.socket.hear("view", (view) => view.version === version);
      await provoke(server.address, gameId, seat, firstVersion);
      const everything = [...seat.answers, seat.socket.transcript()].join("\n");
      for (const [canary] of everything.matchAll(/canary-[ab]-\d+/g)) said.add(canary);
      for (const id of hiddenFrom(loaded.state, seat.viewerId)) if (everything.includes(`"${id}"`)) leaks.add(id);
    }
  }
  const metrics = String((await ask(server.metricsAddress ?? "", "/metrics")).body.text);
  await Promise.all(seats.map(({ socket }) => socket.close()));
  await server.stop();
  return { leaks: [...leaks], said: said.size, moves, logged: server.logged(), metrics };
}

/** Asks for everything there is, and for what will be refused. */
async function provoke(url: string, gameId: string, { player, socket, answers }: Seat, since: string): Promise<void> {
  const write = () => ({ writeId: randomUUID(), action: { type: "promote", cardId: "0-1" } });
  socket.say({ type: "act", requestId: "e", gameId, ...write() });
  await socket.hear("error");
  socket.say({ type: "watch", gameId, since });
  await socket.hear("news");
  const answered = [
    await player.post(url, `/games/${gameId}/actions`, write()),
    await player.post(url, `/games/${gameId}/actions`, { ...write(), expectedVersion: "1.1" }),
    ...(await Promise.all(
      [
        `/games/${gameId}`,
        `/games/${gameId}/news?since=${since}`,
        `/games/${gameId}/replay`,
        `/games/${gameId}/replay/steps`,
        "/live",
        "/games",
        "/history",
      ].map((path) => player.get(url, path)),
    )),
  ];
  answers.push(JSON.stringify(answered.map(({ body }) => body)));
}

test("no frame, answer, error, log or metric tells a hidden card before the end", async () => {
  const { leaks, said, moves, logged, metrics } = await findLeaks(canaryGame);
  expect(moves).toBeGreaterThan(8);
  expect(said).toBeGreaterThan(10);
  expect(leaks).toEqual([]);
  expect(logged).toContain("updated");
  expect(metrics).toContain("# HELP");
  expect(logged + metrics).not.toMatch(/canary-|Canary /);
});

test("a server that shows a little too much is noticed", async () => {
  const { game } = canaryGame;
  const chatty: typeof game = {
    ...game,
    viewFor: (state, viewer) => ({
      ...Object(game.viewFor(state, viewer)),
      topOfDeck: state.players[state.turnOrder[0]]?.deck.at(-1),
    }),
  };
  expect((await findLeaks({ ...canaryGame, game: chatty })).leaks).not.toEqual([]);
});
