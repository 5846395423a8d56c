import { readdirSync, readFileSync } from "node:fs";
import { root } from "../lib/paths.mjs";
import { publishedPackages } from "./packages.mjs";

/** Every declaration that is published, as it was built last. */
const declarations = () =>
  publishedPackages().flatMap((folder) =>
    readdirSync(`${root}/${folder}/dist`, { encoding: "utf8", recursive: true })
      .filter((file) => /\.d\.c?ts$/.test(file))
      .map((file) => `${folder}/dist/${file}`),
  );

/** Lines at which a declaration says `any`. @type {(file: string, text: string) => Promise<string[]>} */
async function anyIn(file, text) {
  const { default: ts } = await import("typescript");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  /** @type {string[]} */
  const found = [];
  /** @param {import("typescript").Node} node */
  const look = (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

/** Users of a published package see every type; `any` would switch their compiler off. */
export async function publicTypes() {
  const control = await anyIn("control", 'export declare const one: { two: any; any: "any" }; // any');
  if (control.length !== 1) throw new Error("this check would not find `any`");
  const files = declarations();
  if (files.length < publishedPackages().length) throw new Error("some packages have no declarations: build them");
  const found = await Promise.all(files.map((file) => anyIn(file, readFileSync(`${root}/${file}`, "utf8"))));
  if (found.flat().length > 0) throw new Error(`Public types hold \`any\`:\n${found.flat().join("\n")}`);
}
