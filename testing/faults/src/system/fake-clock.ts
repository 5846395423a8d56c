import { chmodSync, copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { downloadDebianPackages, temporaryFolder, toolsFolder } from "@turnkeep/dev-services";

let found: Promise<string> | undefined;

/**
 * The environment variables of a program whose wall clock is off by so many hours, and runs as fast as ever.
 * @throws Error with the reason why this machine cannot do it
 */
export async function fakeClock(hours: number): Promise<Readonly<Record<string, string>>> {
  found ??= library();
  // The monotonic clock has no zero that could be wrong.
  return {
    LD_PRELOAD: await found,
    FAKETIME: `${hours > 0 ? "+" : ""}${hours}h`,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    FAKETIME_DISABLE_SHM: "1",
  };
}

async function library(): Promise<string> {
  const folder = join(toolsFolder(), "faketime");
  if (!existsSync(folder)) await downloadDebianPackages(folder, ["libfaketime"]);
  const path = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((file) =>
    file.endsWith("libfaketimeMT.so.1"),
  );
  if (path === undefined) throw new Error("the package libfaketime holds no library");
  // If this runs as root, Postgres runs as the user nobody, who may not be able to read the tools folder.
  const readable = temporaryFolder("clock");
  chmodSync(readable, 0o755);
  const copy = join(readable, "libfaketimeMT.so.1");
  copyFileSync(join(folder, path), copy);
  chmodSync(copy, 0o755);
  return copy;
}

export async function cannotFakeClock(): Promise<string | null> {
  try {
    await fakeClock(1);
    return null;
  } catch (error) {
    return `no libfaketime: ${error instanceof Error ? error.message : error}`;
  }
}
