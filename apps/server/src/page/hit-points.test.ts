import type { CardAction } from "@turnkeep/card-rules";
import { expect, test } from "vitest";
import { demoIssuer } from "../auth/demo-tokens.js";
import { pageTests } from "../testing/page-tests.js";
import { stoneGame } from "../testing/stone-game.js";
import { type SeenGame, TestPlayer } from "../testing/test-player.js";

const on = pageTests({ served: stoneGame });

/** The player's card of this kind in hand. */
function inHand({ id }: TestPlayer, { view }: SeenGame, definitionId: string): string {
  const card = view.players[id]?.hand?.find((one) => one.definitionId === definitionId);
  if (card === undefined) throw new Error(`no ${definitionId} in hand`);
  return card.id;
}

test("hit points are those that tools and stadiums leave, not the printed ones", async () => {
  const { address } = on.server;
  const demo = { issuer: demoIssuer };
  const [ada, bo] = [await TestPlayer.create(demo), await TestPlayer.create(demo)];
  const { gameId } = await ada.invite(address, bo);
  const act = async (player: TestPlayer, action: (seen: SeenGame) => CardAction) => {
    const seen = await player.see(address, gameId);
    const answer = await player.act(address, seen, action(seen));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  for (const player of [ada, bo]) {
    await act(player, (seen) => ({ type: "setUp", active: inHand(player, seen, "gravel-ram"), bench: [] }));
  }
  const { page, complaints } = await on.open();
  await page.goto(`${address}/#/game/${gameId}`);
  const near = page.locator(".side.near .creature.active");
  const far = page.locator(".side.far .creature.active");
  await near.waitFor();
  const shown = async () => [await near.locator(".health").textContent(), await far.locator(".health").textContent()];
  expect(await shown()).toEqual(["80/80", "80/80"]);

  const { view } = await ada.see(address, gameId);
  const [mover, place, other] = view.currentPlayerId === ada.id ? [ada, near, far] : [bo, far, near];
  await act(mover, () => ({ type: "draw" }));
  await act(mover, (seen) => ({
    type: "attachTool",
    cardId: inHand(mover, seen, "ration-tin"),
    targetId: seen.view.players[mover.id]?.active?.id ?? "",
  }));
  await place.filter({ hasText: "100/100" }).waitFor();
  expect(await place.getAttribute("aria-label")).toContain("100 of 100 hit points");
  await act(mover, (seen) => ({ type: "playStadium", cardId: inHand(mover, seen, "standing-stones") }));
  await place.filter({ hasText: "120/120" }).waitFor();
  expect(await place.locator("progress").getAttribute("max")).toBe("120");
  expect(await other.getAttribute("aria-label")).toContain("100 of 100 hit points");
  expect(complaints).toEqual([]);
});
