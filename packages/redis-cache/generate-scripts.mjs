// Inlines src/scripts/include/*.lua into the other scripts of src/scripts and writes them, with their SHA-1, as one module. A piece is
// taken in once per script, before the pieces that come after it; a circle of includes fails.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const folder = new URL("./src/scripts/", import.meta.url);
const target = new URL("./src/generated/scripts.ts", import.meta.url);

function inline(file, taken, under) {
  const text = readFileSync(new URL(file, folder), "utf8");
  return text.replaceAll(/^-- @include "([a-z-]+)"\n/gm, (_, name) => {
    const piece = `include/${name}.lua`;
    if (under.includes(piece)) throw new Error(`a circle of includes: ${[...under, piece].join(" → ")}`);
    if (taken.has(piece)) return "";
    taken.add(piece);
    return inline(piece, taken, [...under, piece]);
  });
}

const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".lua") && !file.startsWith("include"))
  .sort();
const scripts = files.map((file) => {
  const name = basename(file, ".lua");
  const lua = inline(file, new Set(), []);
  const sha = createHash("sha1").update(lua).digest("hex");
  return `  ${JSON.stringify(name)}: { sha: ${JSON.stringify(sha)}, lua: ${JSON.stringify(lua)} },\n`;
});

mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(
  target,
  `// Written by generate-scripts.mjs from src/scripts; do not edit.\nexport const scripts = {\n${scripts.join("")}} as const;\n\nexport type ScriptName = keyof typeof scripts;\n`,
);
