import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { isOver, playOn, takeSeat } from "./page-player.js";
import { builtPage, TestBrowser, type TestPage } from "./test-browser.js";
import { startTestServer, type TestServer, type TestServerOptions } from "./test-server.js";

/** For the tests of one file: a server in demo mode with the page, and a browser. */
export interface PageTests {
  readonly server: TestServer;
  /** The page, as a new player sees it, there or at another address of the server. */
  open(options?: BrowserContextOptions, address?: string): Promise<TestPage>;
}

/** Starts both before the file's tests, and ends them after. */
export function pageTests(options: TestServerOptions = {}): PageTests {
  let running: { server: TestServer; browser: TestBrowser } | undefined;
  const parts = () => {
    if (running === undefined) throw new Error("the browser is not started yet");
    return running;
  };
  beforeAll(async () => {
    const page = await builtPage();
    running = { browser: await TestBrowser.start(), server: await startTestServer({ demo: true, page, ...options }) };
  });
  afterAll(async () => {
    await running?.browser.stop();
    await running?.server.stop();
  });
  return {
    get server() {
      return parts().server;
    },
    open: (context, address = parts().server.address) => parts().browser.open(address, context),
  };
}

/** A new player's game against the machine, up to the player's first choice of a turn. Resolves with its id. */
export async function sitDown(page: Page, name = "Ada"): Promise<string> {
  await takeSeat(page, name);
  const endTurn = page.locator("[data-move=endTurn]:enabled");
  for (;;) {
    await page.getByRole("button", { name: "Play against the machine" }).click();
    await page.locator(".hand").waitFor();
    await playOn([page], () => endTurn.isVisible());
    // The machine may begin, and win in its first turn against a single creature.
    if (!(await isOver(page))) return gameIdOf(page);
    await page.goto(new URL("#/", page.url()).href);
  }
}

/** The id of the game that the page shows. */
export const gameIdOf = (page: Page): string => new URL(page.url()).hash.split("/").at(-1) ?? "";
