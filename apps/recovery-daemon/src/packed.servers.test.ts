import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { patienceMs } from "@turnkeep/dev-services";
import { PackedPackages } from "@turnkeep/dev-services/packed";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { daemonEnvironment, type Place, Rows } from "./testing/playground.js";

let packed: PackedPackages;
let installed: string;

beforeAll(async () => {
  packed = await PackedPackages.pack(["apps/recovery-daemon"]);
  installed = await packed.install("alone", { dependencies: packed.tarballs });
}, 10 * patienceMs); // All packages may have to be built.
afterAll(() => packed?.remove());

/** As `npx turnkeep` does in this folder. */
const turnkeep = (args: readonly string[], place: Place) =>
  promisify(execFile)(join(installed, "node_modules/.bin/turnkeep"), [...args], {
    env: { PATH: process.env.PATH, ...daemonEnvironment(place) },
  });

test("the tarball, installed alone, has the whole command line, which works on real servers", async () => {
  const place = { ...testServers(), schema: uniqueName("packed"), keyPrefix: "packed:" };
  const rows = new Rows(place);
  try {
    expect((await turnkeep(["--help"], place)).stdout).toMatch(/^Usage: turnkeep /);
    expect((await turnkeep(["config"], place)).stdout).toContain(place.schema);
    expect((await turnkeep(["migrate", "up"], place)).stdout).toMatch(/^applied 0001-games/);
    expect(await turnkeep(["verify"], place)).toMatchObject({ stdout: "all is well\n0 games compared\n", stderr: "" });
    expect((await turnkeep(["run", "--once"], place)).stdout).toMatch(/^recover-games .* ok$/m);
  } finally {
    await rows.end();
  }
});

test("the program imports nothing but Node and the dependencies that it names, none of them of this workspace", () => {
  const folder = join(installed, "node_modules/@turnkeep/recovery-daemon");
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const scripts = readdirSync(join(folder, "dist")).filter((name) => name.endsWith(".js"));
  const texts = scripts.map((name) => readFileSync(join(folder, "dist", name), "utf8"));
  const imported = texts.flatMap((text) => [...text.matchAll(/^(?:import|export)\b[^;"]*"([^."][^"]*)";$/gm)]);
  const packages = new Set(imported.map(([, path = ""]) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path));
  expect([...packages].filter((name) => !isBuiltin(name) && !(name in dependencies))).toEqual([]);
  expect(packages).toContain("pg");
  expect(Object.keys(dependencies).filter((name) => name.startsWith("@turnkeep/"))).toEqual([]);
});
