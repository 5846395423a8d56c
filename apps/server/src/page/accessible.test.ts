import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { gameIdOf, pageTests, sitDown } from "../testing/page-tests.js";

const on = pageTests();

const looks = {
  "light, on a desktop": { colorScheme: "light", viewport: { width: 1_280, height: 800 } },
  "dark, on a phone": { colorScheme: "dark", viewport: { width: 360, height: 740 } },
} as const;

/** In the page: what its elements do against the guidelines for accessible content, and best practice. */
const violations = `axe
  .run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join("\\n")))`;

/** Loads the address anew, so that each place is checked by itself. */
async function check(page: Page, place: string, ready: string): Promise<void> {
  await page.goto(`${on.server.address}/${place}`);
  await page.reload();
  await page.locator(ready).first().waitFor();
  await page.evaluate(axe.source);
  expect(await page.evaluate<string[]>(violations), place).toEqual([]);
}

for (const [name, look] of Object.entries(looks)) {
  test(`every place is accessible: contrast, names, headings, keyboard; ${name}`, async () => {
    const { page, complaints } = await on.open({ ...look, reducedMotion: "reduce" });
    await check(page, "#/", "#name");
    await sitDown(page);
    const gameId = gameIdOf(page);
    await check(page, `#/game/${gameId}`, "[data-move=endTurn]");
    await check(page, "#/", ".new-game");
    await check(page, "#/decks", ".spread");
    await check(page, "#/help", ".help");
    await page.goto(`${on.server.address}/#/game/${gameId}`);
    await page.getByRole("button", { name: "Concede" }).click();
    await page.getByRole("button", { name: "Really concede?" }).click();
    await check(page, `#/game/${gameId}`, ".result");
    await check(page, `#/replay/${gameId}`, ".replay");
    await check(page, "#/", ".history a");
    await check(page, "#/invite/none", ".decks");
    expect(complaints).toEqual([]);
  });
}
