import { freePort } from "@turnkeep/dev-services";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sitDown } from "../testing/page-tests.js";
import { builtPage, TestBrowser } from "../testing/test-browser.js";
import { startTestServer, type TestServer } from "../testing/test-server.js";

const stores = { cache: createMemoryCache(), store: createMemoryStore() };
let browser: TestBrowser;
let server: TestServer;
let isUp = false;
let start: () => Promise<void>;
const stop = async () => {
  isUp = false;
  await server.stop();
};

beforeAll(async () => {
  const page = await builtPage();
  browser = await TestBrowser.start();
  const environment = { PORT: String(await freePort()) };
  start = async () => {
    server = await startTestServer({ ...stores, demo: true, page, environment });
    isUp = true;
  };
});
beforeEach(async () => {
  if (!isUp) await start();
});
afterAll(async () => {
  await browser.stop();
  if (isUp) await stop();
});

const banner = (page: Page) => page.getByRole("alert").filter({ hasText: "The server does not answer" });
const topOf = (page: Page, selector: string): Promise<number> =>
  page.evaluate<number>(`document.querySelector('${selector}').getBoundingClientRect().top`);

/** In the page: counts how often it says that the server does not answer a frame after it says that it is connected. */
const noteFalseAlarms = `
  globalThis.falseAlarms = 0;
  const look = () => {
    const connected = document.querySelector(".state.live") !== null;
    if (connected && wasConnected && /does not answer/.test(document.querySelector(".desk").textContent)) falseAlarms += 1;
    wasConnected = connected;
    requestAnimationFrame(look);
  };
  let wasConnected = false;
  look();
`;

for (const [device, viewport] of Object.entries({
  desktop: { width: 1_280, height: 800 },
  phone: { width: 360, height: 740 },
})) {
  test(`while the server is away the page says so in sight, greys the table and moves nothing: ${device}`, async () => {
    const { page, complaints } = await browser.open(server.address, { viewport });
    await sitDown(page);
    await page.evaluate("scrollTo(0, 60)");
    const before = await topOf(page, ".hand");
    await stop();
    await banner(page).waitFor();
    const box = await banner(page).boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
    expect(await topOf(page, ".hand")).toBe(before);
    expect(await page.evaluate<string>("getComputedStyle(document.querySelector('.side')).filter")).toBe(
      "grayscale(1)",
    );

    await page.locator("[data-move=offerDraw]:enabled").click();
    await page.getByText("Your move is kept and sent again").waitFor();
    await page.evaluate(noteFalseAlarms);
    await start();
    // For a player who does not want to wait for the next try; the page may have come back by itself meanwhile.
    await page
      .getByRole("button", { name: "Try now" })
      .click({ timeout: 1_000 })
      .catch(() => undefined);
    await banner(page).waitFor({ state: "detached" });
    await page.locator(".story li", { hasText: "You offer a draw" }).first().waitFor();
    expect(await page.evaluate<number>("falseAlarms")).toBe(0);
    await page.locator("[data-move=endTurn]:enabled").waitFor();
    expect(await page.evaluate<string>("getComputedStyle(document.querySelector('.side')).filter")).toBe("none");
    expect(complaints).toEqual([]);
  });
}

test("what is asked for in the lobby meanwhile is shown as waiting, and done afterwards", async () => {
  const { page, complaints } = await browser.open(server.address);
  await page.getByLabel("Your name").fill("Ada");
  await stop();
  await page.getByRole("button", { name: "Take a seat" }).click();
  await page.getByText("It is asked again until it does.").waitFor();
  await start();
  await page.getByRole("heading", { name: "Welcome, Ada" }).waitFor();
  await page.context().setOffline(true);
  await banner(page).waitFor();
  await page.context().setOffline(false);
  await banner(page).waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});

test("a server that hangs without closing anything is noticed, and connected to again", async () => {
  const { page } = await browser.open(server.address);
  await page.clock.install();
  await page.reload();
  await page.locator(".state.live").waitFor();
  await page.route("**/livez", (route) => route.abort());
  const again = page.waitForEvent("websocket");
  await page.clock.fastForward(10_000);
  await again;
  await page.locator(".state.live").waitFor();
});
