import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { patienceMs } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { templateNames } from "./templates.js";
import { PackedStarters, RunningStarter, runScript } from "./testing/starter.js";
import { playOn, TwoBrowsers } from "./testing/two-browsers.js";

let packed: PackedStarters;
let browsers: TwoBrowsers;
const running: RunningStarter[] = [];

beforeAll(async () => {
  [packed, browsers] = await Promise.all([PackedStarters.pack(), TwoBrowsers.start()]);
  const starters = templateNames.map((template) => [nameOf(template), "--template", template]);
  await Promise.all([...starters, followedGuide].map((args) => packed.create(args)));
  await packed.install();
}, 10 * patienceMs); // All packages may have to be built.
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
});
afterAll(async () => {
  await browsers?.stop();
  await packed?.remove();
});

/** Of the starter of a template: its Redis keys and its schema as well. */
const names = new Map(templateNames.map((template) => [template, uniqueName("starter").replace("_", "-")]));
/** What docs/your-game.md gives to create-turnkeep. */
const followedGuide = ["berries", "--template", "minimal"];
const nameOf = (template: string) => names.get(template) ?? "";
const starter = (template: string) => packed.folderOf(nameOf(template));

async function start(folder: string, environment: Record<string, string> = {}, port?: number) {
  const started = await RunningStarter.start(folder, environment, port);
  running.push(started);
  return started;
}

/** What the server sends to this page first. */
async function firstView(page: Page): Promise<{ readonly hand: readonly number[] }> {
  const text = await page.evaluate<string>(`(async () => {
    const response = await fetch("games/" + location.hash.slice(1).split(".")[0] + "/events");
    const { value } = await response.body.getReader().read();
    return new TextDecoder().decode(value);
  })()`);
  return JSON.parse(text.replace("data: ", "")).view;
}

const resultsOn = (pages: readonly Page[]) => Promise.all(pages.map((page) => page.locator(".result").textContent()));

/** Plays so many moves on the pages of a template, or to the end. */
async function play(template: string, pages: readonly Page[], from: number, to = 1_000): Promise<void> {
  if (template !== "chess") return playOn(pages, to - from);
  const mate = ["f2f3", "e7e5", "g2g4", "d8h4"];
  for (const [index, move] of mate.entries()) {
    if (index < from || index >= to) continue;
    for (const square of [move.slice(0, 2), move.slice(2)]) {
      await pages[index % 2]?.locator(`[data-square=${square}]:enabled`).click();
    }
  }
}

test.each(templateNames)(
  "%s: two browsers play to the end, and the server is killed and started again in between",
  async (template) => {
    const folder = starter(template);
    const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = testServers();
    const first = await start(folder, { DATABASE_URL, REDIS_URL });
    const pages = await browsers.openGame(first.address);
    await play(template, pages, 0, 2);
    await first.kill();
    await start(folder, { DATABASE_URL, REDIS_URL }, Number(new URL(first.address).port));
    await play(template, pages, 2);
    const results = await resultsOn(pages);
    expect([
      ["You have lost.", "You have won."],
      ["A draw.", "A draw."],
    ]).toContainEqual(results.toSorted());
    for (const page of pages) await page.reload();
    expect(await resultsOn(pages)).toEqual(results);
  },
);

test("hidden-information: no hand but a player's own leaves the server", async () => {
  const { address } = await start(starter("hidden-information"));
  const pages = await browsers.openGame(address);
  for (const page of pages) await page.getByText("Choose a card.").waitFor();
  const spectator = await browsers.open(pages[1]?.url() ?? "");
  await spectator.getByText("They: 0").first().waitFor();
  const views = await Promise.all([...pages, spectator].map(firstView));
  const open = ["chosen", "hand", "id", "players", "round", "schemaVersion", "scores", "shown"];
  for (const view of views) expect(Object.keys(view).toSorted()).toEqual(open);
  const [one = [], two = [], none] = views.map(({ hand }) => hand);
  expect([one.length, two.length, new Set([...one, ...two]).size, none]).toEqual([5, 5, 10, []]);
});

test("a request whose body is no JSON is refused as the caller's fault", async () => {
  const { address } = await start(starter("minimal"));
  const post = (body: string, type = "application/json") =>
    fetch(`${address}/games`, { method: "POST", headers: { "content-type": type }, body });
  expect((await post("{ no json")).status).toBe(400);
  expect((await post("players=ann", "application/x-www-form-urlencoded")).status).toBe(400);
  expect((await post(JSON.stringify({ players: ["x".repeat(200_000)] }))).status).toBe(413);
});

test("a change of the game's code keeps the games that are in memory", async () => {
  const folder = starter("minimal");
  const server = await start(folder);
  const [one, two] = await browsers.openGame(server.address);
  await one?.getByRole("button", { name: "Take 3" }).click();
  await two?.getByText("18").waitFor();
  const file = join(folder, "src/game.ts");
  const code = await readFile(file, "utf8");
  try {
    await writeFile(file, `${code}\nconst unfinished = ;`);
    await server.says("Unexpected");
    await writeFile(file, code.replace("stones - take", "stones - 2 * take"));
    await server.says("reloaded");
    await two?.getByRole("button", { name: "Take 3" }).click();
    await one?.getByText("12").waitFor();
  } finally {
    await writeFile(file, code);
  }
});

test("the types of all starters pass, as each checks its own", async () => {
  const settings = await Promise.all(
    templateNames.map(async (template) => {
      const { scripts } = JSON.parse(await readFile(join(starter(template), "package.json"), "utf8"));
      return [scripts.check, await readFile(join(starter(template), "tsconfig.json"), "utf8")];
    }),
  );
  expect(new Set(settings.map(String)).size).toBe(1);
  await packed.checkTypes(nameOf("minimal"));
});

test.each(templateNames)("%s: its own test passes, and the game has at most 40 lines", async (template) => {
  const folder = starter(template);
  await runScript(folder, "test");
  const code = await readFile(join(folder, "src/game.ts"), "utf8");
  expect(code.split("\n").length - 1).toBeLessThanOrEqual(40);
});

test("docs/your-game.md, followed word by word, brings a game of three players from creation to history", async () => {
  const guide = await readFile(new URL("../../../docs/your-game.md", import.meta.url), "utf8");
  const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = testServers();
  const folder = packed.folderOf("berries");
  const alreadyDone = async () => undefined; // Before all tests, with the other starters.
  const followed: Record<string, () => Promise<unknown>> = {
    [`npm create turnkeep ${followedGuide.join(" ").replace(" ", " -- ")}`]: alreadyDone,
    "cd berries": alreadyDone,
    "npm install": alreadyDone,
    "npm test": () => runScript(folder, "test"),
    "npm run check": () => runScript(folder, "check"),
    "npm start": async () => {
      const { address } = await start(folder);
      const pages = await browsers.openGame(address, 3);
      for (const page of pages) await page.getByRole("button", { name: "Draw" }).click();
      expect(await resultsOn(pages)).toEqual(["A draw.", "A draw.", "A draw."]);
    },
    "REDIS_URL=redis://localhost DATABASE_URL=postgres://localhost/games npm start": async () => {
      const first = await start(folder, { DATABASE_URL, REDIS_URL });
      const pages = await browsers.openGame(first.address, 3);
      for (const page of pages) await page.getByRole("button", { name: "Take 3" }).click();
      await first.kill();
      await start(folder, { DATABASE_URL, REDIS_URL }, Number(new URL(first.address).port));
      await pages[0]?.getByRole("button", { name: "Take 3" }).click();
      expect(await resultsOn(pages)).toEqual(["You have lost.", "You have won.", "You have won."]);
    },
  };
  const commands: string[] = [];
  for (const [, title, text = ""] of guide.matchAll(/```\w+(?: title=(\S+))?\n([\s\S]*?)```/g)) {
    if (title !== undefined) await writeFile(join(folder, title), text);
    for (const command of title === undefined ? text.trim().split("\n") : []) {
      const follow = followed[command];
      if (follow === undefined) throw new Error(`the guide has a new command: ${command}`);
      await follow();
      commands.push(command);
    }
  }
  expect(commands).toEqual(Object.keys(followed));
});

test("a name or a template that cannot be, and a folder that is not empty, are refused with what to change", async () => {
  await packed.create(["taken", "--template", "minimal"]);
  for (const [args, problem] of [
    [["taken", "--template", "minimal"], "is not empty"],
    [["My Game", "--template", "minimal"], "lower-case letters"],
    [["game", "--template", "poker"], "Allowed choices are minimal"],
    [["game"], "The template is missing"],
    [[], "The name is missing"],
  ] as const) {
    await expect(packed.create(args)).rejects.toSatisfy(({ stdout, stderr }) => `${stdout}${stderr}`.includes(problem));
  }
});
