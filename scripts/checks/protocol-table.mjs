import { readdirSync, readFileSync } from "node:fs";
import { configurationOf } from "../../protocol/configuration.mjs";
import { rows } from "../../protocol/rows.mjs";
import { root } from "../lib/paths.mjs";

/** Where the steps of each side are: in the model, and in the code. */
const sides = [
  { model: "scripts.pml", code: "packages/redis-cache/src/scripts", namesIn: scriptNames },
  { model: "statements.pml", code: "packages/sql-store/src", namesIn: statementNames },
];

/** @typedef {{ readonly path: string, readonly text: string }} CodeFile */

/** Each script is a file of its own, outside of the folder of what they share. @param {readonly CodeFile[]} files */
function scriptNames(files) {
  return files.flatMap(({ path }) => /^(?!include\/)(?:[\w-]+\/)?([\w-]+)\.lua$/.exec(path)?.[1] ?? []);
}

/** Each statement carries its name, in the file of its operation. @param {readonly CodeFile[]} files */
function statementNames(files) {
  return files
    .filter(({ path }) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .flatMap(({ text }) => [...text.matchAll(/\bname: "([\w-]+)",\s+writes:/g)].map(([, name = ""]) => name));
}

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
 * @param {(folder: string) => readonly CodeFile[]} list the files in a folder and below
 * @returns {string[]}
 */
export function disagreements(text, read, list) {
  const listed = [...text.matchAll(/^\| `([\w-]+)` \| (holds|breaks) \| ([^|]+) \|/gm)].map((row) =>
    row.slice(1).join(" "),
  );
  const checked = rows.map((row) => `${row.name} ${row.expected} ${configurationOf(row)}`);
  return [...difference(checked, listed, "row"), ...sides.flatMap((side) => stepsOf(side, text, read, list))];
}

/** @type {(side: typeof sides[number], text: string, read: (path: string) => string, list: (folder: string) => readonly CodeFile[]) => string[]} */
function stepsOf({ model, code, namesIn }, text, read, list) {
  const after = text.slice(text.indexOf(`](../${code}) |`)).split("\n");
  const table = after.slice(2, after.indexOf("")).map((line) => line.split("|").slice(1, 3));
  const steps = table.map(([step = ""]) => step.trim()).filter((step) => /^[A-Z]+$/.test(step));
  const inModel = [...read(`protocol/model/${model}`).matchAll(/^(?:inline|#define) ([A-Z]+)\([^)]*\) ?[{d]/gm)];
  const inCode = namesIn(list(code));
  const twice = inCode.filter((name, index) => inCode.indexOf(name) !== index);
  const named = table.flatMap(([, names = ""]) => [...names.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name));
  return [
    ...difference([...new Set(inModel.map(([, name = ""]) => name))], steps, `${model}'s step`),
    ...difference(inCode, [...new Set(named)], code),
    ...twice.map((name) => `${code} has two of the name ${name}`),
  ];
}

const readText = (/** @type {string} */ path) => readFileSync(`${root}/${path}`, "utf8");
const listFolder = (/** @type {string} */ folder) =>
  readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(lua|ts)$/.test(path))
    .map((path) => ({ path, text: readText(`${folder}/${path}`) }));

/** protocol/README.md describes each row, its configuration and outcome, and of each step what it is in the code. */
export async function protocolTable() {
  const complaints = disagreements(readText("protocol/README.md"), readText, listFolder);
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

/** Every kind of disagreement is found. */
export async function protocolTableBites() {
  const page = readText("protocol/README.md");
  /** @type {(text: string, more?: CodeFile) => string[]} */
  const check = (text, more) =>
    disagreements(text, readText, (folder) => [...listFolder(folder), ...(more ? [more] : [])]);
  const wrong = {
    "a row that is not described": check(page.replace(/^\| `no-faults`.*\n/m, "")),
    "a row that does not exist": check(`${page}| \`no-such-row\` | holds | 1 write | nothing |\n`),
    "a statement that is not described": check(page.replace("`quarantine-game`", "")),
    "a statement that does not exist": check(page.replace("`load-page`", "`load-page`, `load-book`")),
    "a script that is not described": check(page, { path: "forget.lua", text: "" }),
    "a statement in a new file": check(page, {
      path: "operations.ts",
      text: 'export const forget: Statement = {\n  name: "forget-game",\n  writes: true,',
    }),
    "two statements of one name": check(page, { path: "more.ts", text: 'name: "load-game", writes: true' }),
    "a step that is not described": check(page.replace(/^\| ADOPT .*\n/m, "| none | `adopt` |\n")),
  };
  const missed = Object.entries(wrong).filter(([, complaints]) => complaints.length !== 1);
  if (missed.length > 0) throw new Error(`not found, or not alone: ${missed.map(([what]) => what).join(", ")}`);
}
