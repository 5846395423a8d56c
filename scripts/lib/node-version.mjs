import { readFileSync } from "node:fs";
import { root } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

/** @throws {UserError} when this Node is older than package.json asks for. */
export function checkNodeVersion() {
  const wanted = /** @type {string} */ (JSON.parse(readFileSync(`${root}/package.json`, "utf8")).engines.node);
  const [major = 0, minor = 0] = (wanted.match(/\d+/g) ?? []).map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  throw new UserError(
    `Turnkeep needs Node ${major}.${minor} or later, and this is ${process.versions.node}: install a newer one.`,
  );
}
