import { readdirSync, readFileSync } from "node:fs";
import { rows } from "../../protocol/rows.mjs";
import { root } from "../lib/paths.mjs";

/** @param {string} file */
const read = (file) => readFileSync(`${root}/${file}`, "utf8");

/** Scripts that only measure or list, and change no copy. */
const OUTSIDE = new Set(["backlog", "check", "claim-game", "count-dirty", "remark"]);

/** protocol/README.md tells of each row what it shows, and the model has the steps that the code has, by their names. */
export async function protocolTable() {
  const text = read("protocol/README.md");
  const told = [...text.matchAll(/^\| `([\w-]+)` \| (holds|breaks) \|/gm)].map(
    ([, name, expected]) => `${name} ${expected}`,
  );
  const checked = rows.map(({ name, expected }) => `${name} ${expected}`);
  const model = read("protocol/model/scripts.pml");
  const scripts = readdirSync(`${root}/packages/redis-cache/src/scripts`)
    .filter((file) => file.endsWith(".lua"))
    .map((file) => file.replace(".lua", ""));
  const complaints = [
    ...checked.filter((row) => !told.includes(row)).map((row) => `README.md does not tell of ${row}`),
    ...told.filter((row) => !checked.includes(row)).map((row) => `README.md tells of ${row}, which is not checked`),
    ...scripts
      .filter((name) => !OUTSIDE.has(name) && !new RegExp(`^inline ${name.toUpperCase()}\\(`, "m").test(model))
      .map((name) => `the model has no step ${name.toUpperCase()}`),
  ];
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}
