import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { takeSeat } from "../testing/page-player.js";
import { pageTests } from "../testing/page-tests.js";

const on = pageTests();
const phone = { viewport: { width: 360, height: 740 } };

const widthOf = (page: Page): Promise<number> => page.evaluate<number>("document.documentElement.scrollWidth");
const chosenDeck = async (page: Page) => (await page.locator(".decks label.chosen").textContent())?.trim();

test("the decks are looked at card by card, and the one that is chosen there is played", async () => {
  const { page, complaints } = await on.open(phone);
  await takeSeat(page, "Ada");
  await page.getByRole("link", { name: "See its cards" }).click();
  await page.getByRole("heading", { name: "The deck Kiln" }).waitFor();
  await page.getByRole("radio", { name: "Kiln" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "The deck Marsh" }).waitFor();
  expect(await page.getByText("30 cards of tide and grove").isVisible()).toBe(true);
  const counts = await page.locator(".times").allInnerTexts();
  expect(counts.map((text) => Number(/\d+/.exec(text)?.[0])).reduce((sum, count) => sum + count, 0)).toBe(30);
  const serpent = page.getByRole("listitem", { name: /^2 times Sluice Serpent, tide creature, evolves from rillfin/ });
  expect(await serpent.isVisible()).toBe(true);
  expect(await widthOf(page)).toBe(360);
  await page.getByRole("link", { name: "To the lobby", exact: true }).click();
  expect(await chosenDeck(page)).toBe("Marsh");
  await page.reload();
  expect(await chosenDeck(page)).toBe("Marsh");
  await page.getByRole("button", { name: "Play against the machine" }).click();
  await page.getByRole("heading", { name: "The Kilnkeeper", exact: true }).waitFor();
  expect(complaints).toEqual([]);
});

test("a player may change the rules; the invited player sees them, and the game has them", async () => {
  const { page: ada, complaints } = await on.open(phone);
  await takeSeat(ada, "Ädä");
  await ada.getByText("Rules: the usual ones").click();
  await ada.getByLabel("Prizes to take").selectOption({ label: "1 prize" });
  await ada.getByLabel("Time for a turn").selectOption({ label: "no limit" });
  await ada.getByText("Rules: 2 rules changed").waitFor();
  expect(await widthOf(ada)).toBe(360);
  await ada.getByRole("button", { name: /^Invite some/ }).click();
  const link = await ada.getByLabel(/Send this link/).inputValue();

  const { page: bo, complaints: more } = await on.open(phone);
  await bo.goto(link);
  await bo.reload();
  await bo.getByRole("heading", { name: "Ädä invites you to a game" }).waitFor();
  await takeSeat(bo, "Bo");
  expect(await chosenDeck(bo)).toBe("Marsh");
  expect(await bo.locator(".facts").textContent()).toMatch(/Prizes to take1Time for a turnno limit/);
  await bo.getByRole("link", { name: "See its cards" }).click();
  await bo.getByRole("link", { name: "Back to the invitation" }).click();
  await bo.getByRole("button", { name: "Take the seat" }).click();
  await bo.locator(".board").waitFor();
  expect(await bo.locator(".counts").first().textContent()).toContain("prizes 1");
  expect(await bo.locator(".clock").count()).toBe(0);
  await bo.getByText("Rules of this game").click();
  expect(await bo.locator("details .facts").textContent()).toContain("Prizes to take1");
  expect([...complaints, ...more]).toEqual([]);
});

test("how to play is read from the table, which leads back to it", async () => {
  const { page, complaints } = await on.open(phone);
  await takeSeat(page, "Ada");
  await page.getByRole("button", { name: "Play against the machine" }).click();
  await page.locator(".board").waitFor();
  const table = page.url();
  await page.getByRole("banner").getByRole("link", { name: "How to play" }).click();
  await page.getByRole("heading", { name: "How to play" }).waitFor();
  await expect.poll(() => page.title()).toBe("How to play · Turnkeep");
  expect(await widthOf(page)).toBe(360);
  await page.getByRole("link", { name: "Back to the table" }).click();
  await page.locator(".board").waitFor();
  expect(page.url()).toBe(table);
  expect(complaints).toEqual([]);
});

test("a seat is left only by who says so twice", async () => {
  const { page, complaints } = await on.open();
  await takeSeat(page, "Ada");
  const leave = page.getByRole("button", { name: "Leave this seat" });
  await leave.click();
  await page.keyboard.press("Tab");
  await leave.click();
  await page.getByRole("button", { name: /^Really\?/ }).click();
  await page.getByLabel("Your name").waitFor();
  expect(complaints).toEqual([]);
});

test("a name may have joined emoji; one that cannot be seen is refused in words", async () => {
  const { page, complaints } = await on.open();
  await page.getByLabel("Your name").fill("\u200b");
  await page.getByRole("button", { name: "Take a seat" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: "A name has 1 to 40 characters, all of which can be seen." })
    .waitFor();
  const name = "Ada \u{1F469}\u{1F3FD}\u200D\u{1F4BB} \u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";
  await takeSeat(page, name);
  await page.getByRole("heading", { name: `Welcome, ${name}` }).waitFor();
  await page.getByRole("button", { name: "Play against the machine" }).click();
  await page.getByRole("heading", { name: `${name} (you)` }).waitFor();
  expect(complaints).toEqual([]);
});

test("who comes too late to an invitation learns it, and what to do", async () => {
  const { page: ada } = await on.open();
  await takeSeat(ada, "Ada");
  await ada.getByRole("button", { name: /^Invite some/ }).click();
  const link = await ada.getByLabel(/Send this link/).inputValue();
  const guests = await Promise.all(
    ["Bo", "Cy"].map(async (name) => {
      const { page, complaints } = await on.open();
      await page.goto(link);
      await takeSeat(page, name);
      return { page, complaints };
    }),
  );
  for (const { page } of guests) await page.getByRole("button", { name: "Take the seat" }).click();
  const [, late] = guests;
  await late?.page.getByText("Ask Ada for a new link, or go to the lobby").waitFor();
  await late?.page.getByRole("link", { name: "go to the lobby" }).click();
  await late?.page.getByRole("heading", { name: "Welcome, Cy" }).waitFor();
  expect(guests.flatMap(({ complaints }) => complaints)).toEqual([]);
});
