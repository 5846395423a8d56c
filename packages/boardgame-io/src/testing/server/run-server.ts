import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testServers } from "@turnkeep/dev-services/testing";
import { build } from "esbuild";

/** The server's program, in one file, since it is started many times. */
export interface ServerProgram {
  readonly file: string;
  remove(): Promise<void>;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function buildServer(): Promise<ServerProgram> {
  // Within the package, so that what is not bundled is found.
  const parent = at("../../../node_modules/.cache");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "server-"));
  const file = join(folder, "server.mjs");
  await build({
    entryPoints: [at("./server-main.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@turnkeep/source"],
    // The latter is what Sequelize would ask for, if it were used for such a column.
    external: ["boardgame.io", "pg-hstore"],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface ServerProcess {
  readonly port: number;
  /** As a failing machine would. */
  kill(): Promise<void>;
}

/** Resolves once it serves. @throws Error with its output if it ends before */
export async function startServer({ file }: ServerProgram, port: number, name: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [file, JSON.stringify({ port, name, ...testServers() })], { stdio: "pipe" });
  await served(child);
  return {
    port,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the server ended by itself: ${child.exitCode ?? child.signalCode}`);
      }
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

function served(child: ChildProcess): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-10_000);
      if (output.includes("serving\n")) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
}
