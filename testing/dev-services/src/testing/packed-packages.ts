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

  /** Builds these as the checks before all tests do, and packs them. @param folders such as `packages/core` */
  static async pack(folders: readonly string[]): Promise<PackedPackages> {
    const names = await Promise.all(folders.map(nameOf));
    await build(names, { quiet: true, types: true });
    const folder = await mkdtemp(join(tmpdir(), "turnkeep-packed-"));
    const target = join(folder, "tarballs");
    const filters = names.map((name) => `--filter=${name}`);
    await pnpm(workspace, ...filters, "pack", "--pack-destination", target, "--config.ignore-scripts=true");
    const files = await readdir(target);
    const tarballOf = (name: string) => {
      const begin = new RegExp(`^${name.replace("@", "").replace("/", "-")}-\\d`);
      return `file:${join(target, files.find((file) => begin.test(file)) ?? "")}`;
    };
    return new PackedPackages(folder, Object.fromEntries(names.map((name) => [name, tarballOf(name)])));
  }

  /** Installs a project in this folder: what is packed from its tarball, also where a dependency asks for it. */
  async install(project: string, manifest: Manifest): Promise<string> {
    const folder = join(this.folder, project);
    await mkdir(folder, { recursive: true });
    await this.#writeManifest(folder, manifest);
    await pnpm(folder, "install", "--prefer-offline", "--ignore-workspace", "--no-frozen-lockfile");
    return folder;
  }

  /**
   * Installs all projects in the folders of this one, each with what its own package.json asks for. They are one pnpm
   * workspace, which takes little longer than one project alone.
   */
  async installAll(parent: string): Promise<void> {
    const folder = join(this.folder, parent);
    const entries = await readdir(folder, { withFileTypes: true });
    const projects = entries.filter((entry) => entry.isDirectory() && entry.name !== "node_modules");
    const manifests = await Promise.all(projects.map(({ name }) => readManifest(join(folder, name))));
    // Only a workspace's own are heard.
    const overrides = Object.assign({}, ...manifests.map((manifest) => manifest.overrides));
    await this.#writeManifest(folder, { dependencies: {}, overrides });
    await writeFile(join(folder, "pnpm-workspace.yaml"), 'packages: ["*"]\n');
    await pnpm(folder, "install", "--prefer-offline", "--no-frozen-lockfile");
  }

  async #writeManifest(folder: string, manifest: Manifest): Promise<void> {
    const asTarballs = { ...manifest, pnpm: { overrides: { ...manifest.overrides, ...this.tarballs } } };
    await writeFile(join(folder, "package.json"), JSON.stringify(asTarballs, null, 2));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

async function readManifest(folder: string): Promise<Manifest & { readonly name: string }> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

const nameOf = async (folder: string) => (await readManifest(join(workspace, folder))).name;

const pnpm = (cwd: string, ...args: string[]) =>
  execute(join(toolsFolder(), "node_modules/pnpm/bin/pnpm.cjs"), args, { cwd, env: { ...process.env, CI: "true" } });
