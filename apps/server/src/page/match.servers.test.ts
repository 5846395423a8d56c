import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@turnkeep/dev-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { playOn, resultOn, takeSeat } from "../testing/page-player.js";
import { serverPlace } from "../testing/server-place.js";
import { ServerProcess } from "../testing/server-process.js";
import { builtPage, TestBrowser } from "../testing/test-browser.js";

const place = serverPlace("match");
const running = new Set<ServerProcess>();
let dataDir: string;
let browser: TestBrowser;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "turnkeep-test-"));
  await builtPage();
  browser = await TestBrowser.start();
});
afterAll(async () => {
  await browser.stop();
  await Promise.all([...running].map((server) => server.end("SIGKILL")));
  await rm(dataDir, { recursive: true, force: true });
  await place.drop();
});

async function start(port: number): Promise<{ server: ServerProcess; address: string }> {
  const server = new ServerProcess({
    ...place.environment,
    DATA_DIR: dataDir,
    PORT: String(port),
  });
  running.add(server);
  return { server, address: await server.address() };
}

test("two browsers on two servers play a match to its end, across a SIGKILL of one server", async () => {
  const port = await freePort();
  const east = await start(port);
  const west = await start(await freePort());

  const ada = await browser.open(east.address);
  await takeSeat(ada.page, "Ada");
  await ada.page.getByRole("button", { name: /^Invite some/ }).click();
  const link = await ada.page.getByLabel(/Send this link/).inputValue();

  const bo = await browser.open(`${west.address}/${new URL(link).hash}`);
  await takeSeat(bo.page, "Bo");
  await bo.page.getByRole("button", { name: "Take the seat" }).click();
  await ada.page.locator(".board").waitFor();
  expect(new URL(ada.page.url()).hash).toBe(new URL(bo.page.url()).hash);

  const endTurn = ada.page.locator("[data-move=endTurn]:enabled");
  const turn = async () => Number(/\d+/.exec(await ada.page.locator(".middle").innerText())?.[0] ?? 0);
  await playOn([ada.page, bo.page], async () => (await turn()) >= 3 && (await endTurn.isVisible()));

  await east.server.end("SIGKILL");
  await ada.page.getByRole("alert").filter({ hasText: "connection is lost" }).waitFor();
  await ada.page.getByText("may be out of date").first().waitFor();
  await endTurn.click();
  await ada.page.getByText("Your move is kept and sent again").waitFor();
  const again = await start(port);
  expect(again.address).toBe(east.address);
  await ada.page.getByText("Your move is kept and sent again").waitFor({ state: "detached" });
  await ada.page.getByRole("alert").waitFor({ state: "detached" });
  await ada.page
    .locator(".story li", { hasText: /You end the turn/ })
    .first()
    .waitFor();

  await playOn([ada.page, bo.page]);
  const results = [await resultOn(ada.page), await resultOn(bo.page)];
  const sides = results.map((text) => /^You (won|lost):/.exec(text)?.[1] ?? "drawn");
  expect([...sides].sort(), results.join(" / ")).toEqual(
    sides.includes("drawn") ? ["drawn", "drawn"] : ["lost", "won"],
  );

  for (const [index, { page }] of [ada, bo].entries()) {
    await page.getByRole("link", { name: "Back to the lobby" }).click();
    const game = page.locator(".history li");
    await game.waitFor();
    expect(await game.count()).toBe(1);
    expect(await game.locator(".outcome").innerText()).toBe(sides[index]);
  }

  await ada.page.locator(".history a").click();
  const slider = ada.page.getByLabel("Step of the game");
  await slider.waitFor();
  expect(await ada.page.locator(".middle").innerText()).toContain("Setting up");
  await slider.focus();
  await ada.page.keyboard.press("End");
  await ada.page.locator(".result").waitFor();
  expect(await resultOn(ada.page)).toBe(results[0]);
  expect([...ada.complaints, ...bo.complaints]).toEqual([]);
});
