import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { takeSeat } from "../testing/page-player.js";
import { gameIdOf, pageTests, sitDown } from "../testing/page-tests.js";

const on = pageTests();

async function concede(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Concede" }).click();
  await page.getByRole("button", { name: "Really concede?" }).click();
  await page.locator(".result").waitFor();
}

test("the history tells against whom, how it ended, how long it took and when; the lobby whom one still plays", async () => {
  const { page, complaints } = await on.open();
  await sitDown(page);
  await page.getByRole("link", { name: "Turnkeep: to the lobby" }).click();
  const own = page.getByRole("region", { name: "Your games" }).getByRole("link");
  await own.filter({ hasText: "against The Marsh Warden" }).click();
  await concede(page);
  const gameId = gameIdOf(page);
  await page.getByRole("link", { name: "Back to the lobby" }).click();
  const game = page.locator(`.history [data-game="${gameId}"]`);
  await game.filter({ hasText: "against The Marsh Warden" }).waitFor();
  expect(await game.locator(".outcome").textContent()).toBe("lost");
  expect(await game.locator(".why").textContent()).toBe("by concession");
  expect(await game.locator("small").textContent()).toMatch(/^\d+ turns? in \d+ s, \d+ \w+ \d{4}, \d\d:\d\d$/);
  expect(complaints).toEqual([]);
});

test("one click begins another game against the machine, by the same rules", async () => {
  const { page, complaints } = await on.open();
  await takeSeat(page, "Ada");
  await page.getByText("Rules: the usual ones").click();
  await page.getByLabel("Prizes to take").selectOption({ label: "1 prize" });
  await page.getByRole("button", { name: "Play against the machine" }).click();
  await page.getByRole("heading", { name: "The Marsh Warden", exact: true }).waitFor();
  const first = gameIdOf(page);
  await concede(page);
  await page.getByRole("button", { name: "Play again" }).click();
  await page.locator(".result").waitFor({ state: "detached" });
  await page.locator(".hand").waitFor();
  expect(gameIdOf(page)).not.toBe(first);
  expect(await page.locator(".counts").first().textContent()).toContain("prizes 1");
  expect(complaints).toEqual([]);
});

test("one click invites a person again, and both meet at a new table", async () => {
  const [ada, bo] = [await on.open(), await on.open()];
  await takeSeat(ada.page, "Ada");
  await ada.page.getByRole("button", { name: /^Invite some/ }).click();
  await bo.page.goto(await ada.page.getByLabel(/Send this link/).inputValue());
  await takeSeat(bo.page, "Bo");
  await bo.page.getByRole("button", { name: "Take the seat" }).click();
  await bo.page.locator(".board").waitFor();
  const first = gameIdOf(bo.page);
  await concede(bo.page);
  expect(await bo.page.locator(".result.lost").textContent()).toBe("You lost: by concession");
  expect(await ada.page.locator(".result.won").textContent()).toBe("You won: by concession");
  await bo.page.getByRole("button", { name: "Invite Ada again" }).click();
  await ada.page.goto(await bo.page.getByLabel(/Send this link/).inputValue());
  await ada.page.getByRole("button", { name: "Take the seat" }).click();
  await ada.page.locator(".hand").waitFor();
  await bo.page.locator(".result").waitFor({ state: "detached" });
  expect(gameIdOf(ada.page)).not.toBe(first);
  await bo.page.waitForURL(new RegExp(gameIdOf(ada.page)));
  expect([...ada.complaints, ...bo.complaints]).toEqual([]);
});

test("a replay is gone through by keyboard, and says each step in words", async () => {
  const { page, complaints } = await on.open();
  await sitDown(page);
  await concede(page);
  await page.getByRole("link", { name: "See how it went" }).click();
  const slider = page.getByLabel("Step of the game");
  await slider.waitFor();
  const spoken = () => slider.getAttribute("aria-valuetext");
  const last = Number(await slider.getAttribute("max"));
  expect(await spoken()).toMatch(/^Step 0 of \d+, turn 0: /);
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  expect(await slider.inputValue()).toBe("1");
  expect(await page.evaluate<boolean>("document.activeElement.type === 'range'")).toBe(true);
  const own = page.locator(".step", { hasText: /You lay out \w+/ });
  for (let steps = 1; steps < last && !(await own.isVisible()); steps += 1) await page.keyboard.press("ArrowRight");
  expect(await spoken()).toContain(await own.textContent());
  await page.keyboard.press("End");
  expect(await spoken()).toMatch(/You concede\. You lost: by concession\.$/);
  const top = await slider.boundingBox();
  await page.getByRole("button", { name: "One step back" }).click();
  expect((await slider.boundingBox())?.y).toBe(top?.y);
  await expect
    .poll(() => page.locator("[data-announcer]").textContent())
    .toBe(await page.locator(".step").textContent());
  expect(complaints).toEqual([]);
});

test("where there is no game, the page says so and leads away", async () => {
  const { page, complaints } = await on.open();
  for (const place of ["game", "replay"]) {
    await page.goto(`${on.server.address}/#/${place}/00000000-0000-4000-8000-000000000000`);
    await page.getByText(/^There is no (finished )?game here/).waitFor();
    await page.getByRole("link", { name: "Back to the lobby" }).click();
    await page.getByRole("heading", { name: "Live games" }).waitFor();
  }
  expect(complaints).toEqual([]);
});

test("what the page cannot draw leaves a way on, not an empty page", async () => {
  const { page } = await on.open();
  const steps = "**/replay/steps*";
  const item = { seq: 0, turn: 0, records: [], view: { result: null } };
  await page.route(steps, (route) => route.fulfill({ json: { items: [item], next: null, total: 0, complete: true } }));
  await page.goto(`${on.server.address}/#/replay/00000000-0000-4000-8000-000000000000`);
  await page.getByRole("alert").filter({ hasText: "Your games are safe on the server" }).waitFor();
  await page.getByRole("link", { name: "Back to the lobby" }).click();
  await page.getByRole("heading", { name: "Live games" }).waitFor();
});

test("who goes to the end of a replay before it has come gets there once it has", async () => {
  const { page, complaints } = await on.open();
  await sitDown(page);
  await concede(page);
  let goOn = () => {};
  const isAtEnd = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route("**/replay/steps*", async (route) => {
    const url = new URL(route.request().url());
    if (url.searchParams.has("after")) await isAtEnd;
    url.searchParams.set("limit", "2");
    await route.fulfill({ response: await route.fetch({ url: url.href }) });
  });
  await page.getByRole("link", { name: "See how it went" }).click();
  const slider = page.getByLabel("Step of the game");
  await slider.focus();
  await page.keyboard.press("End");
  expect(await page.locator(".result").count()).toBe(0);
  goOn();
  await page.locator(".result").waitFor();
  expect(await slider.inputValue()).toBe(await slider.getAttribute("max"));
  expect(complaints).toEqual([]);
});
