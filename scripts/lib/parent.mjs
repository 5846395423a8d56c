import { readFileSync } from "node:fs";

const lookEveryMs = 1_000;

/** @param {number} pid */
function parentOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

/** npm, and the shell that it may have put between. */
const ancestors = () => [process.ppid, parentOf(process.ppid)].join(" ");

/**
 * Calls back when npm, which started this script, was killed: it cannot pass that on.
 * @param {() => void} orphaned
 */
export function watchParent(orphaned) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === "win32") return;
  const shell = isShell(process.ppid);
  const look = () => (shell ? ancestors() : String(process.ppid));
  const first = look();
  const timer = setInterval(() => {
    if (look() === first) return;
    clearInterval(timer);
    orphaned();
  }, lookEveryMs);
  timer.unref();
}

/** @param {number} pid */
function isShell(pid) {
  try {
    return /^(da|ba|z)?sh$/.test(readFileSync(`/proc/${pid}/comm`, "utf8").trim());
  } catch {
    return false;
  }
}
