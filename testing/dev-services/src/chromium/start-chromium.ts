import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { spawnOwned } from "../owned-process.mjs";
import { removeTemporaryFolder, temporaryFolder } from "../temp-folder.js";
import { type ChromiumProgram, findChromium } from "./find-chromium.js";

export interface ChromiumOptions {
  /** @default what `findChromium` finds */
  readonly program?: ChromiumProgram;
  /** @default 60_000 */
  readonly readyTimeoutMs?: number;
}

/** A headless browser that this process started and owns. */
export interface RunningChromium {
  /** Where a driver connects by the DevTools protocol, such as `ws://127.0.0.1:…`. */
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves when it is gone; never rejects. */
  readonly exited: Promise<string>;
  /** Ends it and removes its profile. A second call does nothing more. */
  stop(): Promise<void>;
}

const stopGraceMs = 5_000;

/**
 * It loads only the pages of tests, often as root or in a container, which do not allow its sandbox: so it runs without
 * one. It makes no network requests by itself.
 */
const chromiumArguments = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps"],
  ...["--disable-extensions", "--disable-domain-reliability", "--no-default-browser-check", "--no-pings"],
  ...["--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--hide-scrollbars"],
  ...["--disable-backgrounding-occluded-windows", "--mute-audio", "--font-render-hinting=none"],
  ...["--remote-debugging-address=127.0.0.1", "--remote-debugging-port=0"],
];

/** Two lines, written as soon as it listens: the port, and the path of the browser's own endpoint. */
function endpointIn(profile: string): string | undefined {
  try {
    const [port, path] = readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n");
    return port && path ? `ws://127.0.0.1:${port}${path}` : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Starts a real headless Chromium with a profile of its own. It never outlives this process.
 * @throws Error if there is none, or it does not listen in time
 */
export async function startChromium(options: ChromiumOptions = {}): Promise<RunningChromium> {
  const { readyTimeoutMs = 60_000, program = await findChromium() } = options;
  const profile = temporaryFolder("chromium");
  const browser = spawnOwned({
    file: program.file,
    args: [...chromiumArguments, `--user-data-dir=${profile}`, "about:blank"],
    // The home folder may not be writable: what it would keep there is removed with the profile.
    env: { ...program.env, XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile },
    cwd: profile,
    orphanSignal: "KILL",
  });
  const stop = async (): Promise<void> => {
    await browser.end("SIGTERM", stopGraceMs);
    removeTemporaryFolder(profile);
  };
  const deadline = Date.now() + readyTimeoutMs;
  while (browser.running() && Date.now() < deadline) {
    const endpoint = endpointIn(profile);
    if (endpoint !== undefined) return { endpoint, pid: browser.pid, exited: browser.exited, stop };
    await delay(20);
  }
  const said = browser.output().trim().split("\n").at(-1) || "no output";
  await stop();
  throw new Error(`Chromium did not start within ${readyTimeoutMs} ms: ${said}`);
}
