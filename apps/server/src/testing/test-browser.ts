import { pathToFileURL } from "node:url";
import { patienceMs, startChromium } from "@turnkeep/dev-services";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { buildPage, pageFolder } from "../../client/build.mjs";

/** Where the page is, once it is built from its sources. */
export async function builtPage(): Promise<URL> {
  await buildPage();
  return pathToFileURL(pageFolder);
}

/** A page in a browser's window of its own, as on another machine. */
export interface TestPage {
  readonly page: Page;
  /** What went wrong in it: exceptions, errors of its console, and so what the content policy refused. */
  readonly complaints: readonly string[];
  /** Every text that came to it, by HTTP and by socket. */
  readonly heard: () => string;
}

/** A real browser, ended with this process at the latest. */
export class TestBrowser {
  readonly #browser: Browser;
  readonly #end: () => Promise<void>;

  private constructor(browser: Browser, end: () => Promise<void>) {
    this.#browser = browser;
    this.#end = end;
  }

  static async start(): Promise<TestBrowser> {
    const running = await startChromium();
    const browser = await chromium.connectOverCDP(running.endpoint);
    return new TestBrowser(browser, running.stop);
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<TestPage> {
    const context = await this.#browser.newContext({ viewport: { width: 1_280, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    const complaints: string[] = [];
    const heard: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      // That a server is away while it is killed is not the page's fault; it is for the page to say so.
      const isLoad = /Failed to load resource|WebSocket connection to/.test(message.text());
      if (message.type() === "error" && !isLoad) complaints.push(message.text());
    });
    page.on("response", (response) => {
      response.text().then(
        (text) => heard.push(text),
        () => undefined,
      );
    });
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(String(payload))));
    await page.goto(url);
    return { page, complaints, heard: () => heard.join("\n") };
  }

  async stop(): Promise<void> {
    await this.#browser.close().catch(() => undefined);
    await this.#end();
  }
}
