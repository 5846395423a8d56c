import { chmodSync, copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { downloadDebianPackages, temporaryFolder, toolsFolder } from "@turnkeep/dev-services";

let found: Promise<string> | undefined;

/**
 * What a program's environment needs for a clock that is off by so many hours; time passes as always.
 * @throws Error with the reason why this machine cannot do it
 */
export async function fakeClock(hours: number): Promise<Readonly<Record<string, string>>> {
  found ??= library();
  // Only the clock that people read is off; the one that measures waits has no zero that could be.
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
  // Postgres of root runs as nobody, who may not be able to read the tools folder.
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
