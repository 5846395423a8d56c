import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { clickOn, isOver, playOn, takeSeat } from "./page-player.js";
import { builtPage, TestBrowser } from "./test-browser.js";
import { startTestServer } from "./test-server.js";

// `npm run screenshots`: the pictures of the documentation, taken of the real page in a real browser.
const folder = fileURLToPath(new URL("../../../../docs/screenshots/", import.meta.url));

const server = await startTestServer({ demo: true, page: await builtPage() });
const browser = await TestBrowser.start();

const picture = async (page: Page, name: string): Promise<void> => {
  await page.evaluate("scrollTo(0, 0)");
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
  process.stdout.write(`${name}.png\n`);
};

const turnOf = async (page: Page): Promise<number> =>
  Number(/\d+/.exec((await page.locator(".middle").textContent()) ?? "")?.[0] ?? 0);

/** Plays against the machine until this turn, with its first card drawn. */
async function playUntil(page: Page, turn: number): Promise<void> {
  const ready = async () => (await turnOf(page)) >= turn && (await page.locator("[data-move=endTurn]").isVisible());
  await playOn([page], ready);
}

/** Games differ, and not each one lasts so long: another one is begun where this one did not. */
async function playMachine(page: Page, turn: number): Promise<void> {
  do {
    await page.goto(`${server.address}/#/`);
    await page.getByRole("button", { name: "Play against the machine" }).click();
    await page.locator(".hand").waitFor();
    await playUntil(page, turn);
  } while (await isOver(page));
}

try {
  const light = { colorScheme: "light", viewport: { width: 1_280, height: 860 } } as const;
  const { page: ada } = await browser.open(server.address, light);
  await takeSeat(ada, "Ada");
  await playMachine(ada, 5);
  await ada.locator(".side.far .creature.active").click();
  await picture(ada, "board");

  const dark = { colorScheme: "dark", viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 } as const;
  const { page: bo } = await browser.open(server.address, dark);
  await takeSeat(bo, "Bo");
  await playMachine(bo, 5);
  await picture(bo, "phone");

  while (!(await isOver(ada))) await clickOn(ada);
  await ada.getByRole("link", { name: "Back to the lobby" }).click();
  await ada.locator(".history a").first().waitFor();
  await ada.locator(".games.live a").first().waitFor();
  await picture(ada, "lobby");

  await ada.locator(".history a").first().click();
  const slider = ada.getByLabel("Step of the game");
  await slider.waitFor();
  const last = Number(await slider.getAttribute("max"));
  await slider.fill(String(Math.round(last * 0.6)));
  await picture(ada, "replay");

  await ada.goto(`${server.address}/#/decks`);
  await ada.locator(".spread").first().waitFor();
  await picture(ada, "decks");

  await server.stop();
  await bo.getByRole("alert").waitFor();
  await picture(bo, "away");
} finally {
  await browser.stop();
  await server.stop();
}
