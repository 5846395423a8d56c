import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TurnkeepError } from "@turnkeep/core";

const fileName = "demo-jwt-secret";

/**
 * The secret of demo mode, made at the first call and kept in the folder, readable by its owner only. Servers that
 * start at once on one folder get the same one: it appears there whole, or not at all.
 * @throws Misconfigured if others may read the file, or it does not hold a secret
 */
export async function demoSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, fileName);
  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  await writeFile(draft, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const { mode } = await stat(path);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw misconfigured(`others may read the file ${fileName} in DATA_DIR: set its mode to 0600, or remove it`);
  }
  const secret = (await readFile(path, "utf8")).trim();
  if (secret.length < 32) throw misconfigured(`the file ${fileName} in DATA_DIR holds no secret: remove it`);
  return secret;
}

function misconfigured(message: string) {
  return new TurnkeepError("Misconfigured", message, {});
}
