import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort, type OwnedProcess, patienceMs, spawnOwned } from "@turnkeep/dev-services";
import { PackedPackages } from "@turnkeep/dev-services/packed";
import { vi } from "vitest";

const execute = promisify(execFile);
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

/** create-turnkeep and what its starters ask for, as they would be published. */
export class PackedStarters {
  readonly #packed: PackedPackages;
  readonly #program: string;

  private constructor(packed: PackedPackages, tool: string) {
    this.#packed = packed;
    this.#program = join(tool, "node_modules/.bin/create-turnkeep");
  }

  static async pack(): Promise<PackedStarters> {
    const packed = await PackedPackages.pack(folders.map((folder) => `packages/${folder}`));
    const dependencies = { "create-turnkeep": packed.tarballs["create-turnkeep"] };
    return new PackedStarters(packed, await packed.install("tool", { dependencies }));
  }

  /** Runs create-turnkeep in the folder of the starters. @returns its output */
  async create(args: readonly string[]): Promise<string> {
    const cwd = this.folderOf("");
    await mkdir(cwd, { recursive: true });
    const { stdout } = await execute(this.#program, [...args], { cwd });
    return stdout;
  }

  folderOf(starter: string): string {
    return join(this.#packed.folder, "games", starter);
  }

  /** Installs what each starter's package.json asks for; Turnkeep's packages from their tarballs. */
  install(): Promise<void> {
    return this.#packed.installAll("games");
  }

  /** The types of all starters by the compiler and the settings of this one, in one run, which reads what they share once. */
  async checkTypes(starter: string): Promise<void> {
    const compilerOptions = { typeRoots: [`./${starter}/node_modules/@types`] };
    const config = { extends: `./${starter}/tsconfig.json`, compilerOptions, include: ["*/src"] };
    await writeFile(this.folderOf("tsconfig.json"), JSON.stringify(config));
    await execute(join(this.folderOf(starter), "node_modules/.bin/tsc"), ["-p", "."], { cwd: this.folderOf("") }).catch(
      ({ stdout }) => {
        throw new Error(`the types do not pass:\n${stdout}`);
      },
    );
  }

  remove(): Promise<void> {
    return this.#packed.remove();
  }
}

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
