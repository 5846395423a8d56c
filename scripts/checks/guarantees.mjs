import { existsSync, readdirSync, readFileSync } from "node:fs";
import { root } from "../lib/paths.mjs";

const page = "docs/proofs.md";
const reference = /\[\^([\w-]+)\]/g;
/** A file, and the title of a test or the name of a scenario that is in it as a string of its own. */
const proof = /\[[^\]]+\]\(\.\.\/([^)]+)\) “([^”]+)”/g;

/**
 * What is wrong with the page: proofs that do not exist, references without a proof, proofs without a reference, cells
 * of the failures' tables that neither have a proof nor say that they have none, fault scenarios that are not
 * described.
 * @param {string} text
 * @param {(file: string) => string | null} read `null` where there is no such file
 * @param {readonly string[]} scenarios names of the fault suite
 * @returns {string[]}
 */
export function complaintsAbout(text, read, scenarios) {
  const lines = text.split("\n");
  const proofs = new Map(lines.flatMap((line) => (/^\[\^[\w-]+\]: /.test(line) ? [definition(line)] : [])));
  const listed = lines.filter((line) => !/^\[\^[\w-]+\]: /.test(line));
  const used = new Set(listed.flatMap((line) => [...line.matchAll(reference)].map(([, name = ""]) => name)));
  const complaints = [];
  for (const name of used) if (!proofs.has(name)) complaints.push(`[^${name}] has no proof`);
  for (const [name, places] of proofs) {
    if (!used.has(name)) complaints.push(`nothing refers to the proof [^${name}]`);
    if (places.length === 0) complaints.push(`the proof [^${name}] names no file with a title`);
    for (const { file, title } of places) {
      const source = read(file);
      if (source === null) complaints.push(`[^${name}]: there is no ${file}`);
      else if (!["'", '"', "`"].some((quote) => source.includes(quote + title + quote)))
        complaints.push(`[^${name}]: ${file} has no “${title}”`);
    }
  }
  const titles = new Set([...proofs.values()].flat().map(({ title }) => title));
  for (const name of scenarios) if (!titles.has(name)) complaints.push(`the fault scenario ${name} is not described`);
  return [...complaints, ...failures(listed).flatMap(unproved)];
}

/** @param {string} line @returns {[string, { file: string, title: string }[]]} */
function definition(line) {
  const places = [...line.matchAll(proof)].map(([, file = "", title = ""]) => ({ file, title }));
  return [line.slice(2, line.indexOf("]")), places];
}

/** The rows of the tables under "Failure by failure". @param {readonly string[]} lines @returns {string[][]} */
function failures(lines) {
  const from = lines.indexOf("## Failure by failure");
  const to = lines.findIndex((line, n) => n > from && line.startsWith("## "));
  return lines
    .slice(from, to)
    .filter((line) => line.startsWith("| ") && !line.startsWith("| failure |"))
    .map((line) => line.split("|").slice(1, -1));
}

/** @param {readonly string[]} row @returns {string[]} */
function unproved([failure = "", ...cells]) {
  if (cells.length !== 6) return [`${failure.trim()}: has ${cells.length} cells`];
  if (failure.includes("[^"))
    return cells.some((cell) => cell.trim() === "") ? [`${failure.trim()}: a cell is empty`] : [];
  return cells
    .filter((cell) => !cell.includes("[^") && !/not tested|not concerned/.test(cell))
    .map((cell) => `${failure.trim()}: no proof of “${cell.trim()}”`);
}

/** Every promise of the page has a proof that exists. */
export async function guarantees() {
  /** @param {string} file */
  const read = (file) => (existsSync(`${root}/${file}`) ? readFileSync(`${root}/${file}`, "utf8") : null);
  const folder = "testing/faults/src/scenarios";
  const scenarios = readdirSync(`${root}/${folder}`, { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => namesIn(read(`${folder}/${file}`) ?? ""));
  const complaints = complaintsAbout(read(page) ?? "", read, scenarios);
  if (scenarios.length === 0) complaints.push("no fault scenarios were found");
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

/** @param {string} source @returns {string[]} */
const namesIn = (source) => [...source.matchAll(/(?: name: |daemonPaused\()"([\w-]+)"/g)].map(([, name = ""]) => name);

/** A page with one mistake of each kind, and one without. */
export async function guaranteesBite() {
  const page = (cells = "kept [^a] | not tested | - [^a] | - [^a] | - [^a] | - [^a]", proofs = "") =>
    ["## Failure by failure", `| a fault | ${cells} |`, "## End", "[^a]: [x](../x.test.ts) “it holds”", proofs].join(
      "\n",
    );
  /** @param {string} text @param {string[]} rows */
  const check = (text, rows = []) =>
    complaintsAbout(text, (file) => (file === "x.test.ts" ? 'test("it holds", () => {});' : null), rows);
  const wrong = {
    "a title that is not there": check(page().replace("holds", "held")),
    "a file that is not there": check(page().replace("../x.", "../y.")),
    "a reference without a proof": check(page().replace("kept [^a]", "kept [^b]")),
    "a proof without a reference": check(page(undefined, "[^b]: [x](../x.test.ts) “it holds”")),
    "a proof that names nothing": check(page().replace("“it holds”", "")),
    "a cell without a proof": check(page("kept | not tested | - [^a] | - [^a] | - [^a] | - [^a]")),
    "a cell too few": check(page("kept [^a] | not tested")),
    "a fault scenario that is not described": check(page(), ["flood"]),
  };
  const missed = Object.entries(wrong).filter(([, complaints]) => complaints.length !== 1);
  if (check(page()).length > 0) throw new Error(`a sound page is refused: ${check(page()).join(", ")}`);
  if (missed.length > 0) throw new Error(`not found, or not alone: ${missed.map(([what]) => what).join(", ")}`);
}
