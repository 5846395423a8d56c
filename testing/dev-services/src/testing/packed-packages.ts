import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "../../../../scripts/lib/bootstrap.mjs";
import { toolsFolder } from "../workspace-folder.js";

const execute = promisify(execFile);
const workspace = fileURLToPath(new URL("../../../../", import.meta.url));

/** A project's package.json, as far as it matters to an install. */
export interface Manifest {
  readonly dependencies: object;
  readonly overrides?: object;
}

/** Packages as they would be published, in a folder far from this checkout. */
export class PackedPackages {
  private constructor(
    readonly folder: string,
    /** By name. */
    readonly tarballs: Readonly<Record<string, string>>,
  ) {}

  /** Builds and packs these. @param folders such as `packages/core` @param types with declarations, which take long */
  static async pack(folders: readonly string[], { types }: { readonly types: boolean }): Promise<PackedPackages> {
    const names = await Promise.all(folders.map(nameOf));
    await build(names, { quiet: true, types });
    const folder = await mkdtemp(join(tmpdir(), "turnkeep-packed-"));
    const tarballs: Record<string, string> = {};
    for (const [index, name] of names.entries()) {
      const target = join(folder, "tarballs", String(index));
      const from = join(workspace, folders[index] ?? "");
      await pnpm(from, "pack", "--pack-destination", target, "--config.ignore-scripts=true");
      tarballs[name] = `file:${join(target, (await readdir(target))[0] ?? "")}`;
    }
    return new PackedPackages(folder, tarballs);
  }

  /** Installs a project in this folder: what is packed from its tarball, also where a dependency asks for it. */
  async install(project: string, manifest: Manifest): Promise<string> {
    const folder = join(this.folder, project);
    await mkdir(folder, { recursive: true });
    const asTarballs = { ...manifest, pnpm: { overrides: { ...manifest.overrides, ...this.tarballs } } };
    await writeFile(join(folder, "package.json"), JSON.stringify(asTarballs, null, 2));
    await pnpm(folder, "install", "--prefer-offline", "--ignore-workspace", "--no-frozen-lockfile");
    return folder;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

async function nameOf(folder: string): Promise<string> {
  const { name } = JSON.parse(await readFile(join(workspace, folder, "package.json"), "utf8")) as { name: string };
  return name;
}

const pnpm = (cwd: string, ...args: string[]) =>
  execute(join(toolsFolder(), "node_modules/pnpm/bin/pnpm.cjs"), args, { cwd, env: { ...process.env, CI: "true" } });
