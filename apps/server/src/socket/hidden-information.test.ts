import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { canaryGame, hiddenFrom } from "../testing/canary-game.js";
import { playOneMove, TestPlayer } from "../testing/test-player.js";
import { startTestServer } from "../testing/test-server.js";

/** Once a card has been shown it stays known, so whatever is hidden now must never have been said. */
test("no frame, answer, error or log tells a hidden card before the end", async () => {
  const server = await startTestServer({ served: canaryGame });
  const [ada, bo, spectator] = [await TestPlayer.create(), await TestPlayer.create(), await TestPlayer.create()];
  const { gameId } = await ada.invite(server.address, bo);
  const audience = [
    { player: ada, viewerId: ada.id },
    { player: bo, viewerId: bo.id },
    { player: spectator, viewerId: null },
  ];
  const told = new Map<TestPlayer, string[]>();
  const sockets = await Promise.all(
    audience.map(async ({ player }) => {
      const socket = await player.connect(server.address);
      socket.say({ type: "watch", gameId });
      await socket.hear("view");
      told.set(player, []);
      return socket;
    }),
  );

  let moves = 0;
  for (; moves < 40; moves += 1) {
    const { version, status } = await playOneMove(server.address, gameId, [ada, bo]);
    if (status !== "live") break;
    const loaded = await server.manager.loadState(gameId);
    if (loaded === null) throw new Error("the game is gone");
    for (const [index, { player, viewerId }] of audience.entries()) {
      const socket = sockets[index];
      await socket?.hear("view", (view) => view.version === version);
      const act = { writeId: randomUUID(), action: { type: "playCreature", cardId: "0-1" } };
      socket?.say({ type: "act", requestId: "e", gameId, ...act, action: { type: "promote", cardId: "1-1" } });
      await socket?.hear("error");
      const answers = [
        await player.get(server.address, `/games/${gameId}`),
        await player.get(server.address, `/games/${gameId}/replay`),
        await player.get(server.address, "/live"),
        await player.get(server.address, "/games"),
        await player.get(server.address, "/history"),
      ];
      if (player === spectator) answers.push(await player.post(server.address, `/games/${gameId}/actions`, act));
      told.get(player)?.push(JSON.stringify(answers.map(({ body }) => body)));
      const everything = [...(told.get(player) ?? []), socket?.transcript()].join("\n");
      expect(everything).toContain("canary-");
      const leaked = hiddenFrom(loaded.state, viewerId).filter((id) => everything.includes(`"${id}"`));
      expect(leaked, `after ${moves} moves`).toEqual([]);
    }
    expect(server.logged()).not.toMatch(/canary-|Canary /);
  }
  expect(moves).toBeGreaterThan(8);
  await Promise.all(sockets.map((socket) => socket.close()));
  await server.stop();
  expect(server.logged()).not.toMatch(/canary-|Canary /);
});
