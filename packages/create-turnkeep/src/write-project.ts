import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { templates } from "./templates.js";

const packageFile = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const everyProject = {
  dependencies: [
    ...["@turnkeep/core", "@turnkeep/manager", "@turnkeep/memory", "@turnkeep/redis-cache", "@turnkeep/sql-store"],
    ...["ioredis", "pg", "sequelize", "tsx", "zod"],
  ],
  devDependencies: ["@types/node", "typescript"],
};

/** What keeps this from being the name of a folder, a package, a Postgres schema and a Redis key prefix at once. */
export function nameProblem(name: string): string | undefined {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(basename(name))) return undefined;
  return "A name has lower-case letters, digits and dashes, begins with a letter, and has 40 characters at most.";
}

/**
 * Writes a project into a folder that is empty or not there yet.
 * @throws Error with what to change, before anything is written
 */
export async function writeProject({ folder, template }: { folder: string; template: string }): Promise<void> {
  const chosen = templates[template];
  if (chosen === undefined) throw new Error(`There is no template "${template}".`);
  const problem = nameProblem(folder);
  if (problem !== undefined) throw new Error(problem);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty.`);

  for (const layer of ["common", ...chosen.layers]) {
    await cp(packageFile(`templates/${layer}`), folder, { recursive: true });
  }
  // A package is published without its .gitignore.
  await rename(join(folder, "gitignore"), join(folder, ".gitignore"));
  const name = basename(folder);
  await nameGame(folder, name);
  const version = await versions();
  const exact = (names: readonly string[]) => Object.fromEntries([...names].sort().map((one) => [one, version(one)]));
  const ranges = (names: readonly string[]) =>
    Object.fromEntries([...names].sort().map((one) => [one, `^${version(one)}`]));
  const manifest = {
    name,
    version: "0.0.0",
    private: true,
    type: "module",
    scripts: {
      start: "node --import tsx src/main.ts",
      test: "node --import tsx --test src/game.test.ts",
      check: "tsc",
    },
    engines: { node: ">=20.19" },
    dependencies: ranges([...everyProject.dependencies, ...chosen.dependencies]),
    devDependencies: ranges([...everyProject.devDependencies, ...chosen.devDependencies]),
    ...(chosen.overrides && { overrides: exact(chosen.overrides) }),
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The templates say `my-game`, and `my_game` where no dash may be. */
async function nameGame(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replaceAll("my-game", name).replaceAll("my_game", name.replaceAll("-", "_")));
  }
}

/** The versions that this package is tested with: its own devDependencies, which packing fills in. */
async function versions(): Promise<(name: string) => string> {
  const { devDependencies } = JSON.parse(await readFile(packageFile("package.json"), "utf8"));
  return (name) => String(devDependencies[name]).replace("^", "");
}
