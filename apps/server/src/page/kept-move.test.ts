import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { pageTests, sitDown } from "../testing/page-tests.js";
import { ask } from "../testing/test-player.js";

const on = pageTests();
const actions = "**/games/*/actions";

interface SentMove {
  readonly writeId: string;
  readonly action: { readonly type: string };
}

/** The moves that this page sends from now on, whatever becomes of them. */
function sentBy(page: Page): SentMove[] {
  const sent: SentMove[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/actions")) sent.push(request.postDataJSON() as SentMove);
  });
  return sent;
}

const report = (page: Page) => page.locator(".report");
const offered = (page: Page) => page.locator(".story li", { hasText: /You offer a draw/ }).count();

/** Says it once what the player asked for is on its way and nobody answers. */
async function offerUnanswered(page: Page): Promise<void> {
  await page.locator("[data-move=offerDraw]:enabled").click();
  await page.getByText("Your move is kept and sent again").waitFor();
}

const lost = (route: Route) => route.abort();
const doneUnanswered = async (route: Route) => {
  await route.fetch();
  await route.abort();
};

/** Loads the page anew. Only then its moves get through: it sends again by itself, up to the last moment. */
async function reloadInTime(page: Page, answer = (route: Route) => route.continue()): Promise<void> {
  await page.reload({ waitUntil: "commit" });
  await page.route(actions, answer);
}

test("a move that the server did not get before a reload is done after it, once", async () => {
  const { page, complaints } = await on.open();
  await sitDown(page);
  const before = await offered(page);
  const sent = sentBy(page);
  await page.route(actions, lost);
  await offerUnanswered(page);
  await reloadInTime(page);
  await report(page).filter({ hasText: "Your last move, which was still on its way, is done." }).waitFor();
  await expect.poll(() => offered(page)).toBe(before + 1);
  expect(new Set(sent.map(({ writeId }) => writeId)).size).toBe(1);
  await page.reload();
  await page.locator("[data-move=endTurn]:enabled").waitFor();
  expect(await report(page).textContent()).toBe("");
  await expect.poll(() => offered(page)).toBe(before + 1);
  expect(complaints).toEqual([]);
});

test("a move whose answer got lost is not done a second time after a reload, and is reported as done", async () => {
  const { page, complaints } = await on.open();
  await sitDown(page);
  const before = await offered(page);
  const sent = sentBy(page);
  await page.route(actions, doneUnanswered);
  await offerUnanswered(page);
  await reloadInTime(page);
  await report(page).filter({ hasText: "is done" }).waitFor();
  await expect.poll(() => offered(page)).toBe(before + 1);
  expect(new Set(sent.map(({ writeId }) => writeId)).size).toBe(1);
  expect(complaints).toEqual([]);
});

test("a move that came too late is reported as not done, and why", async () => {
  const { page, complaints } = await on.open();
  const gameId = await sitDown(page);
  await page.route(actions, lost);
  await offerUnanswered(page);
  const token = await page.evaluate<string>("JSON.parse(localStorage.getItem('turnkeep.session')).token");
  await ask(on.server.address, `/games/${gameId}/concede`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ writeId: "conceded_elsewhere" }),
  });
  await reloadInTime(page);
  await report(page).filter({ hasText: "Your last move was not done. The game is over." }).waitFor();
  expect(complaints).toEqual([]);
});

test("a move that is so old that the server may have forgotten its id is found in the log, not done again", async () => {
  const { page, complaints } = await on.open();
  await sitDown(page);
  await page.route(actions, doneUnanswered);
  await offerUnanswered(page);
  const sent: SentMove[] = [];
  const forgetful = { type: "urn:turnkeep:RevisionConflict", code: "RevisionConflict", status: 409 };
  await reloadInTime(page, (route) => {
    sent.push(route.request().postDataJSON() as SentMove);
    return route.fulfill({ status: 409, json: forgetful });
  });
  await report(page).filter({ hasText: "is done" }).waitFor();
  expect(sent.length).toBeGreaterThan(0);
  for (const move of sent) expect(move).toHaveProperty("expectedVersion");
  expect(complaints).toEqual([]);
});
