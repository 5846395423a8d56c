import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort, type OwnedProcess, patienceMs, spawnOwned, toolsFolder } from "@turnkeep/dev-services";
import { vi } from "vitest";
import { build } from "../../../../scripts/lib/bootstrap.mjs";

const execute = promisify(execFile);
const packagesFolder = fileURLToPath(new URL("../../../", import.meta.url));
const folders = [
  "core",
  "manager",
  "memory",
  "redis-cache",
  "sql-store",
  "boardgame-io",
  "conformance",
  "testing",
  "create-turnkeep",
];

/** The packages as they would be published, in a folder far from this checkout. */
export class PackedPackages {
  private constructor(
    readonly folder: string,
    readonly tarballs: Readonly<Record<string, string>>,
  ) {}

  static async pack(): Promise<PackedPackages> {
    const names = folders.map((name) => (name === "create-turnkeep" ? name : `@turnkeep/${name}`));
    await build(names, { quiet: true, types: true });
    const folder = await mkdtemp(join(tmpdir(), "turnkeep-starter-"));
    const tarballs: Record<string, string> = {};
    for (const [index, name] of names.entries()) {
      const target = join(folder, "tarballs", folders[index] ?? "");
      await pnpm(
        join(packagesFolder, folders[index] ?? ""),
        "pack",
        "--pack-destination",
        target,
        "--config.ignore-scripts=true",
      );
      tarballs[name] = `file:${join(target, (await readdir(target))[0] ?? "")}`;
    }
    const packed = new PackedPackages(folder, tarballs);
    await packed.#install("tool", { dependencies: { "create-turnkeep": tarballs["create-turnkeep"] } });
    return packed;
  }

  /** Runs create-turnkeep in an empty folder. @returns its output */
  async create(args: readonly string[]): Promise<string> {
    const program = join(this.folder, "tool/node_modules/.bin/create-turnkeep");
    const { stdout } = await execute(program, [...args], { cwd: await this.#games() });
    return stdout;
  }

  /** Installs what the starter's package.json asks for; Turnkeep's packages from their tarballs. */
  async install(name: string): Promise<string> {
    const file = join(await this.#games(), name, "package.json");
    await this.#install(join("games", name), JSON.parse(await readFile(file, "utf8")));
    return join(this.folder, "games", name);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async #games(): Promise<string> {
    const folder = join(this.folder, "games");
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async #install(
    name: string,
    manifest: { readonly overrides?: object; readonly dependencies: object },
  ): Promise<void> {
    const folder = join(this.folder, name);
    await mkdir(folder, { recursive: true });
    const asTarballs = { ...manifest, pnpm: { overrides: { ...manifest.overrides, ...this.tarballs } } };
    await writeFile(join(folder, "package.json"), JSON.stringify(asTarballs, null, 2));
    await pnpm(folder, "install", "--prefer-offline", "--ignore-workspace", "--no-frozen-lockfile");
  }
}

const pnpm = (cwd: string, ...args: string[]) =>
  execute(join(toolsFolder(), "node_modules/pnpm/bin/pnpm.cjs"), args, { cwd, env: { ...process.env, CI: "true" } });

/** A starter's own script, such as `npm run check`. @throws Error with its output */
export async function runScript(folder: string, name: string): Promise<void> {
  try {
    await execute("npm", ["run", "--silent", name], { cwd: folder });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`npm run ${name} fails:\n${stdout}${stderr}`, { cause: error });
  }
}

/** `npm start`, in a project that is installed. */
export class RunningStarter {
  readonly #process: OwnedProcess;

  private constructor(
    readonly address: string,
    process: OwnedProcess,
  ) {
    this.#process = process;
  }

  static async start(folder: string, environment: Record<string, string> = {}, port?: number): Promise<RunningStarter> {
    const PORT = String(port ?? (await freePort()));
    // The script's own process, since a kill of npm would leave it running.
    const { scripts } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const [file = "", ...args] = String(scripts.start).split(" ");
    const started = spawnOwned({
      file,
      args,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment, PORT },
      orphanSignal: "KILL",
    });
    const running = new RunningStarter(`http://localhost:${PORT}`, started);
    await running.says(running.address);
    return running;
  }

  /** Resolves once it has written this. @throws Error with its output if it ends before */
  says(text: string): Promise<void> {
    const look = () => {
      if (this.#process.output().includes(text)) return;
      throw new Error(`the starter does not say "${text}":\n${this.#process.output()}`);
    };
    const ended = this.#process.exited.then(look);
    return Promise.race([vi.waitFor(look, { timeout: patienceMs }), ended]);
  }

  /** As a failing machine would. */
  kill(): Promise<void> {
    return this.#process.kill();
  }
}
