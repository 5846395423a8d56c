import type { Page } from "playwright-core";

/** Takes a seat under this name. */
export async function takeSeat(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Take a seat" }).click();
  await page.getByRole("button", { name: "Take a seat" }).waitFor({ state: "detached" });
}

/** In what order a player who wants to finish soon uses what the page offers. */
const eagerness = [
  "[data-move=skip]",
  ".board:has([data-move=setUp]:disabled) .hand [data-use=playable]",
  "[data-move=setUp]:enabled",
  "[data-use=target]",
  ".board:has([data-move=discard]:disabled) .hand [data-use=playable]",
  "[data-move=discard]:enabled",
  "[data-move=mulliganDraw]:enabled",
  "[data-move=acceptDraw]:enabled",
  "[data-move=draw]:enabled",
  "[data-move=attachEnergy]:enabled",
  "[data-move=playCreature]:enabled",
  ".board:not(:has([data-use=selected])) .hand [data-use=playable].kind-energy",
  ".board:not(:has([data-use=selected])) .hand [data-use=playable].kind-creature",
  "[data-move=attack]:enabled",
  "[data-move=endTurn]:enabled",
];

/** In the page, whose own types this side does not know. */
const clickOnce = `(() => {
  for (const selector of ${JSON.stringify(eagerness)}) {
    const offered = [...document.querySelectorAll(selector)].at(-1);
    if (offered === undefined) continue;
    offered.click();
    return selector;
  }
  return null;
})()`;

/** One click on what is offered, or none where it is not this player's move. Says what was clicked. */
export const clickOn = (page: Page): Promise<string | null> => page.evaluate<string | null>(clickOnce);

/** True once the page tells how the game ended. */
export const isOver = (page: Page): Promise<boolean> => page.locator(".result").isVisible();

/** What the page says about the end. */
export const resultOn = (page: Page): Promise<string> => page.locator(".result").innerText();

/** Both click for the player who is to move until the game is over, or `until` says so. */
export async function playOn(pages: readonly Page[], until: () => Promise<boolean> = async () => false): Promise<void> {
  const anything = [...eagerness, ".result"].join(",");
  for (;;) {
    if ((await Promise.all(pages.map(isOver))).every(Boolean) || (await until())) return;
    const clicked = await Promise.all(pages.map(clickOn));
    if (clicked.some((one) => one !== null)) continue;
    const waiting: Page[] = [];
    for (const page of pages) if (!(await isOver(page))) waiting.push(page);
    if (waiting.length === 0) continue;
    const offers = waiting.map((page) => page.locator(anything).first().waitFor({ state: "attached" }));
    await Promise.any(offers).catch(async () => {
      const texts = await Promise.all(pages.map((page) => page.locator("#app").innerText()));
      throw new Error(`nobody is offered anything:\n${texts.join("\n---\n")}`);
    });
  }
}
