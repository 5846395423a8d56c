import { chromium } from "playwright-core";
import { afterEach, expect, test, vi } from "vitest";
import { isAlive } from "../owned-process.mjs";
import { type ChromiumProgram, findChromium } from "./find-chromium.js";
import { startChromium } from "./start-chromium.js";

afterEach(() => vi.unstubAllEnvs());

async function expectDrawsText(program: ChromiumProgram): Promise<void> {
  const running = await startChromium({ program });
  try {
    const browser = await chromium.connectOverCDP(running.endpoint);
    const page = await (await browser.newContext({ viewport: { width: 200, height: 100 } })).newPage();
    await page.setContent("<span>real letters</span>");
    const width = await page.locator("span").evaluate((span) => span.getBoundingClientRect().width);
    expect(width).toBeGreaterThan(30);
    await browser.close();
  } finally {
    await running.stop();
  }
  expect(isAlive(running.pid)).toBe(false);
}

test("a real browser draws text, and is gone after stop", async () => {
  await expectDrawsText(await findChromium());
});

test("on a machine without one, the packaged one is used", async () => {
  const found = findChromium(undefined, []);
  const packaged = process.platform === "linux" && process.arch === "x64";
  if (packaged) await expectDrawsText(await found);
  else await expect(found).rejects.toThrow(/^No browser: set CHROMIUM_PATH, or install [^\n]+\.$/);
});

test("a wrong CHROMIUM_PATH is an error, and no other browser is used", async () => {
  vi.stubEnv("CHROMIUM_PATH", "/nowhere/chromium");
  await expect(findChromium()).rejects.toThrow(/^No browser: CHROMIUM_PATH names [^\n]+\.$/);
});
