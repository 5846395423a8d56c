import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { downloadDebianPackages, withLibrariesOf } from "../download-debian-packages.mjs";
import { toolsFolder } from "../workspace-folder.js";

export interface RedisProgram {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

const runs = (program: RedisProgram): boolean =>
  spawnSync(program.file, ["--version"], { env: program.env, stdio: "ignore" }).status === 0;

/**
 * A Redis or Valkey server of this machine, else the one of the distribution's packages, unpacked
 * into the tools folder without installing anything. @throws Error in one sentence that says what to do.
 */
export async function findRedis(tools: string = toolsFolder()): Promise<RedisProgram> {
  for (const file of ["redis-server", "valkey-server"]) {
    const program = { file, env: process.env };
    if (runs(program)) return program;
  }
  const folder = join(tools, "redis");
  let cause = "";
  if (!existsSync(folder)) {
    try {
      await downloadDebianPackages(folder, ["redis-server", "redis-tools"]);
    } catch (error) {
      cause = ` (${error instanceof Error ? error.message : String(error)})`;
    }
  }
  if (existsSync(folder)) {
    const program = { file: join(folder, "usr/bin/redis-server"), env: withLibrariesOf(folder) };
    if (runs(program)) return program;
    cause = ` (the copy in ${folder} does not run: remove that folder to fetch it again)`;
  }
  throw new Error(`No Redis: set REDIS_URL, or install the package "redis-server" or "valkey-server"${cause}.`);
}
