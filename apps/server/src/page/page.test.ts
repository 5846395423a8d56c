import type { GameView } from "@turnkeep/game-state";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoIssuer } from "../auth/demo-tokens.js";
import { canaryGame, hiddenFrom } from "../testing/canary-game.js";
import { clickOn, takeSeat } from "../testing/page-player.js";
import { builtPage, TestBrowser } from "../testing/test-browser.js";
import { ask, playOneMove, TestPlayer } from "../testing/test-player.js";
import { startTestServer, type TestServer } from "../testing/test-server.js";

let page: URL;
let browser: TestBrowser;
let server: TestServer;
beforeAll(async () => {
  page = await builtPage();
  browser = await TestBrowser.start();
  server = await startTestServer({ demo: true, page });
});
afterAll(async () => {
  await browser.stop();
  await server.stop();
});

const focusIs = (at: Page, selector: string): Promise<boolean> =>
  at.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`);

/** Presses a key until the focus is there, as a player without a mouse does. */
async function goTo(at: Page, selector: string, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await focusIs(at, selector)) return;
    await at.keyboard.press(key);
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

const widthOf = (at: Page): Promise<number> => at.evaluate<number>("document.documentElement.scrollWidth");

test("it comes with headers that allow its own files only", async () => {
  const answer = await ask(server.address, "/");
  expect(answer.status).toBe(200);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
  const text = String(answer.body.text);
  for (const path of [...text.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path)) {
    expect((await ask(server.address, path ?? "")).status, path).toBe(200);
  }
  expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style=/);
});

test("a turn is played by the keyboard alone", async () => {
  const { page: ada, complaints } = await browser.open(server.address);
  await ada.locator("#name").waitFor();
  await goTo(ada, "#name");
  await ada.keyboard.type("Ada");
  await ada.keyboard.press("Enter");
  await ada.getByRole("heading", { name: "Welcome, Ada" }).waitFor();
  await goTo(ada, ".new-game .primary");
  await ada.keyboard.press("Enter");
  await ada.locator(".hand").waitFor();

  await ada.locator("[data-move=setUp], [data-move=mulliganDraw]").first().waitFor();
  if (await ada.locator("[data-move=mulliganDraw]").first().isVisible()) {
    await goTo(ada, "[data-move=mulliganDraw]");
    await ada.keyboard.press("Enter");
    await ada.locator("[data-move=setUp]").waitFor();
  }
  await goTo(ada, ".hand button");
  await goTo(ada, ".hand [data-use=playable]", "ArrowRight");
  await ada.keyboard.press("Enter");
  await goTo(ada, "[data-move=setUp]");
  await ada.keyboard.press("Enter");
  await ada.locator("[data-move=skip], [data-move=endTurn]:enabled").first().waitFor();
  if (await ada.locator("[data-move=skip]").isVisible()) {
    await goTo(ada, "[data-move=skip]");
    await ada.keyboard.press("Enter");
  }
  await ada.locator("[data-move=endTurn]:enabled").waitFor();
  // The button that was used is gone: the next one is close, not behind the whole page.
  await expect.poll(() => focusIs(ada, ".desk")).toBe(true);
  await ada.keyboard.press("ArrowUp");
  expect(await focusIs(ada, ".hand button")).toBe(true);
  await ada.keyboard.press("ArrowDown");
  expect(await focusIs(ada, ".desk button")).toBe(true);
  const playable = ada.locator(".hand [data-use=playable]").first();
  if (await playable.isVisible()) {
    await goTo(ada, ".hand [data-use=playable]");
    await ada.keyboard.press("Enter");
    await expect.poll(() => focusIs(ada, ".action-bar button")).toBe(true);
    await ada.keyboard.press("Escape");
    await expect.poll(() => focusIs(ada, ".hand button")).toBe(true);
  }
  await goTo(ada, "[data-move=endTurn]");
  await ada.keyboard.press("Enter");
  await expect.poll(() => ada.locator("[data-announcer]").textContent()).toMatch(/The Marsh Warden/);
  expect(complaints).toEqual([]);
});

test("on a phone nothing is wider than the screen; dark and light follow the system and the reader", async () => {
  const phone = { viewport: { width: 360, height: 740 }, colorScheme: "dark", reducedMotion: "reduce" } as const;
  const { page: ada, complaints } = await browser.open(server.address, phone);
  const background = () => ada.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  await takeSeat(ada, "A name that is quite long indeed, but may be");
  expect(await widthOf(ada)).toBe(360);
  await ada.getByRole("button", { name: /^Invite some/ }).click();
  await ada.getByLabel(/Send this link/).waitFor();
  expect(await widthOf(ada)).toBe(360);
  await ada.getByRole("button", { name: "Play against the machine" }).click();
  await ada.locator(".hand").waitFor();
  for (let clicks = 0; clicks < 20; clicks += 1) await clickOn(ada);
  await ada.locator(".creature:not(.empty)").first().waitFor();
  expect(await widthOf(ada)).toBe(360);
  const moving = "getComputedStyle(document.querySelector('.creature:not(.empty)')).transitionDuration";
  expect(await ada.evaluate<string>(moving)).toMatch(/^0s(, 0s)*$/);

  const dark = await background();
  const theme = ada.getByRole("button", { name: /^Colours/ });
  await theme.click();
  const light = await background();
  expect(light).not.toBe(dark);
  await theme.click();
  expect(await background()).toBe(dark);
  await ada.emulateMedia({ colorScheme: "light" });
  expect(await background()).toBe(dark);
  await theme.click();
  expect(await background()).toBe(light);
  expect(complaints).toEqual([]);
});

test("a spectator sees the game move, and no hidden card", async () => {
  const canaries = await startTestServer({ demo: true, page, served: canaryGame });
  try {
    const demo = { issuer: demoIssuer };
    const players = [await TestPlayer.create(demo), await TestPlayer.create(demo)] as const;
    const { gameId } = await players[0].invite(canaries.address, players[1]);
    const watching = await browser.open(canaries.address);
    await watching.page.locator(".games.live a").first().click();
    await watching.page.locator(".board").waitFor();
    const hidden = new Set<string>();
    for (let moves = 0; moves < 12; moves += 1) {
      const loaded = await canaries.manager.loadState(gameId);
      if (loaded === null) throw new Error("the game is gone");
      for (const name of hiddenFrom(loaded.state, null)) hidden.add(name);
      const seen = await playOneMove(canaries.address, gameId, players);
      const shown = (seen.view as GameView).turnNumber;
      await watching.page.locator(".middle", { hasText: shown === 0 ? /Setting up/ : `Turn ${shown}` }).waitFor();
    }
    const last = await canaries.manager.loadState(gameId);
    const stillHidden = last === null ? [] : hiddenFrom(last.state, null);
    expect(stillHidden.length).toBeGreaterThan(20);
    const heard = watching.heard();
    expect(heard).toContain('"recentActions"');
    expect(stillHidden.filter((name) => heard.includes(`"${name}"`))).toEqual([]);
    expect(await watching.page.locator('.hand, [aria-label="What you can do"]').count()).toBe(0);
    expect(watching.complaints).toEqual([]);
  } finally {
    await canaries.stop();
  }
});

test("the API's own page shows every operation, under the content policy and without a complaint", async () => {
  const { page: docs, complaints } = await browser.open(`${server.address}/docs/`);
  await docs.getByText("Create a game against an NPC").waitFor();
  const { paths } = (await ask(server.address, "/openapi.json")).body as { paths: Record<string, object> };
  const operations = Object.values(paths).flatMap((methods) => Object.keys(methods));
  expect(await docs.locator(".opblock").count()).toBe(operations.length);
  await docs.locator("#operations-games-createGame button").first().click();
  await docs.getByText("writeId").first().waitFor();
  expect(complaints).toEqual([]);
  await docs.context().close();
});
