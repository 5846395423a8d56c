import { readdirSync, readFileSync } from "node:fs";
import { configurationOf } from "../../protocol/configuration.mjs";
import { rows } from "../../protocol/rows.mjs";
import { root } from "../lib/paths.mjs";

/** Where the steps of each side are: in the model, and in the code. */
const sides = [
  { model: "scripts.pml", code: "packages/redis-cache/src/scripts", ending: ".lua" },
  { model: "statements.pml", code: "packages/sql-store/src/statements", ending: ".ts" },
];

/** @type {(expected: readonly string[], listed: readonly string[], what: string) => string[]} */
const difference = (expected, listed, what) => [
  ...expected.filter((it) => !listed.includes(it)).map((it) => `README.md does not describe ${what} ${it}`),
  ...listed
    .filter((it) => !expected.includes(it))
    .map((it) => `README.md describes ${what} ${it}, which does not exist`),
];

/**
 * What of the page's tables is not so in the model or in the code.
 * @param {string} text
 * @param {(path: string) => string} read a file of the model
 * @param {(folder: string) => readonly string[]} list the names of the files in a folder
 * @returns {string[]}
 */
export function disagreements(text, read, list) {
  const listed = [...text.matchAll(/^\| `([\w-]+)` \| (holds|breaks) \| ([^|]+) \|/gm)].map((row) =>
    row.slice(1).join(" "),
  );
  const checked = rows.map((row) => `${row.name} ${row.expected} ${configurationOf(row)}`);
  return [...difference(checked, listed, "row"), ...sides.flatMap((side) => stepsOf(side, text, read, list))];
}

/** @type {(side: typeof sides[number], text: string, read: (path: string) => string, list: (folder: string) => readonly string[]) => string[]} */
function stepsOf({ model, code, ending }, text, read, list) {
  const after = text.slice(text.indexOf(`](../${code}) |`)).split("\n");
  const table = after.slice(2, after.indexOf("")).map((line) => line.split("|").slice(1, 3));
  const steps = table.map(([step = ""]) => step.trim()).filter((step) => /^[A-Z]+$/.test(step));
  const inModel = [...read(`protocol/model/${model}`).matchAll(/^(?:inline|#define) ([A-Z]+)\([^)]*\) ?[{d]/gm)];
  const files = list(code)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
  const named = table.flatMap(([, names = ""]) => [...names.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name));
  return [
    ...difference([...new Set(inModel.map(([, name = ""]) => name))], steps, `${model}'s step`),
    ...difference(files, [...new Set(named)], code),
  ];
}

const readText = (/** @type {string} */ path) => readFileSync(`${root}/${path}`, "utf8");
const listFolder = (/** @type {string} */ folder) => readdirSync(`${root}/${folder}`);

/** protocol/README.md describes each row, its configuration and outcome, and of each step what it is in the code. */
export async function protocolTable() {
  const complaints = disagreements(readText("protocol/README.md"), readText, listFolder);
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

/** Every kind of disagreement is found. */
export async function protocolTableBites() {
  const page = readText("protocol/README.md");
  /** @type {(text: string, more?: string) => string[]} */
  const check = (text, more) =>
    disagreements(text, readText, (folder) => [...listFolder(folder), ...(more ? [more] : [])]);
  const wrong = {
    "a row that is not described": check(page.replace(/^\| `no-faults`.*\n/m, "")),
    "a row that does not exist": check(`${page}| \`no-such-row\` | holds | 1 write | nothing |\n`),
    "a statement that is not described": check(page.replace("`quarantine-game`", "")),
    "a statement that does not exist": check(page.replace("`load-page`", "`load-page`, `load-book`")),
    "a script that is not described": check(page, "forget.lua"),
    "a step that is not described": check(page.replace(/^\| ADOPT .*\n/m, "| none | `adopt` |\n")),
  };
  const missed = Object.entries(wrong).filter(([, complaints]) => complaints.length !== 1);
  if (missed.length > 0) throw new Error(`not found, or not alone: ${missed.map(([what]) => what).join(", ")}`);
}
