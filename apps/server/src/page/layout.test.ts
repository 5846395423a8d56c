import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { takeSeat } from "../testing/page-player.js";
import { pageTests, sitDown } from "../testing/page-tests.js";

const on = pageTests();

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf(page: Page, selector: string): Promise<Box> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`${selector} is not drawn`);
  return box;
}

async function concede(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Concede" }).click();
  await page.getByRole("button", { name: "Really concede?" }).click();
  await page.locator(".result").waitFor();
}

for (const viewport of [
  { width: 1_280, height: 800 },
  { width: 1_600, height: 900 },
]) {
  test(`the creatures lie in the middle of their side, and all is in sight at once: ${viewport.width}`, async () => {
    const { page, complaints } = await on.open({ viewport });
    await sitDown(page);
    for (const side of [".side.far", ".side.near"]) {
      const felt = await boxOf(page, side);
      const active = await boxOf(page, `${side} .active-row > *`);
      const bench = await page.locator(`${side} .bench-row > *`).last().boundingBox();
      const right = felt.x + felt.width - ((bench?.x ?? 0) + (bench?.width ?? 0));
      expect(Math.abs(active.x - felt.x - right)).toBeLessThan(felt.width * 0.02);
      expect(right).toBeLessThan(felt.width * 0.15);
    }
    const hand = await boxOf(page, ".hand");
    expect(hand.y + hand.height).toBeLessThanOrEqual((await boxOf(page, ".desk")).y + 1);
    expect(complaints).toEqual([]);
  });
}

test("a reader who goes to another page sees its head, and a name that is not cut where there is space", async () => {
  const { page, complaints } = await on.open({ viewport: { width: 1_280, height: 800 } });
  await takeSeat(page, "Ada Lovelace-Byron");
  const fits =
    "(() => { const { scrollWidth, clientWidth } = document.querySelector('.who'); return scrollWidth <= clientWidth; })()";
  expect(await page.evaluate<boolean>(fits)).toBe(true);
  for (const link of ["How to play", "To the lobby", "See its cards"]) {
    await page.getByRole("link", { name: link }).first().click();
    await expect.poll(() => page.evaluate("document.activeElement?.id")).toBe("main");
    expect((await boxOf(page, "header.top")).y).toBeGreaterThanOrEqual(0);
  }
  expect(complaints).toEqual([]);
});

test("on a phone on its side both sides, the hand and the desk are in sight, also at the end", async () => {
  const { page, complaints } = await on.open({ viewport: { width: 844, height: 390 } });
  await sitDown(page, "W".repeat(40));
  const check = async () => {
    const own = await boxOf(page, ".own");
    for (const side of [".side.far", ".side.near"]) {
      const { y, height } = await boxOf(page, side);
      expect(y + height).toBeLessThanOrEqual(own.y + 1);
    }
    expect(own.y + own.height).toBeLessThanOrEqual(391);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(844);
  };
  await check();
  await concede(page);
  expect(await page.locator(".result.lost").textContent()).toBe("You lost: by concession");
  await check();
  expect(complaints).toEqual([]);
});

test("a line of the log wraps beside its number, not under it", async () => {
  const { page } = await on.open({ viewport: { width: 360, height: 740 } });
  await sitDown(page, "W".repeat(40));
  for (const line of await page.locator(".story li").all()) {
    const number = await line.locator("small").boundingBox();
    const text = await line.locator("span").boundingBox();
    expect(text?.x).toBeGreaterThanOrEqual((number?.x ?? 0) + (number?.width ?? 0));
  }
  expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(360);
});
