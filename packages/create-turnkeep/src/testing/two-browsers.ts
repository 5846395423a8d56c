import { patienceMs, startChromium } from "@turnkeep/dev-services";
import { type Browser, chromium, type Page } from "playwright-core";

/** A real browser whose windows know nothing of each other, as on two machines. */
export class TwoBrowsers {
  readonly #browser: Browser;
  readonly #end: () => Promise<void>;

  private constructor(browser: Browser, end: () => Promise<void>) {
    this.#browser = browser;
    this.#end = end;
  }

  static async start(): Promise<TwoBrowsers> {
    const { endpoint, stop } = await startChromium();
    return new TwoBrowsers(await chromium.connectOverCDP(endpoint), stop);
  }

  async open(url: string): Promise<Page> {
    const context = await this.#browser.newContext();
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  /** One begins a game, and each other follows the link that the one before sees. All have their seats then. */
  async openGame(address: string, seats = 2): Promise<Page[]> {
    const first = await this.open(address);
    await first.getByRole("button", { name: "New game" }).click();
    const pages = [first];
    for (let last = first; pages.length < seats; pages.push(last)) {
      await last.getByText("Send this page's address").waitFor();
      last = await this.open(last.url());
    }
    await pages.at(-1)?.locator("main > *").first().waitFor({ state: "attached" });
    return pages;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#end();
  }
}

/** In the page, in one step: what was offered a moment ago may be gone. Says whether something was. */
const clickLast = `(() => {
  const offered = [...document.querySelectorAll("main button:enabled")].at(-1);
  offered?.click();
  return offered !== undefined;
})()`;

/** Clicks the last button that is offered on either page, so many times or until both say how it ended. */
export async function playOn(pages: readonly Page[], clicks: number): Promise<void> {
  const isOver = (page: Page) => page.locator(".result").isVisible();
  for (let clicked = 0; clicked < clicks; ) {
    if ((await Promise.all(pages.map(isOver))).every(Boolean)) return;
    await Promise.any(pages.map((page) => page.locator("main button:enabled, .result").first().waitFor()));
    for (const page of pages) if (await page.evaluate<boolean>(clickLast)) clicked += 1;
  }
}
