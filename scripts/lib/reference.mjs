import { readFileSync } from "node:fs";
import { Application, ReflectionKind } from "typedoc";
import { publishedPackages } from "../checks/packages.mjs";
import { root } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

export const indexFile = `${root}/docs/reference.md`;
const pages = "dist/reference";

const head = `# Reference

Every function, type, event and error that the packages publish, from their code; \`npm run docs\` writes this page, and pages with all signatures and their guarantees into \`${pages}\`.
`;

/** Sets of names that users look up: what is in an interface counts there. @type {Record<string, string>} */
const unfolded = { ErrorDetails: "Errors", ManagerEventMap: "Events" };

/** What can be imported, and the source behind it. @returns {{ name: string, source: string }[]} */
const entries = () =>
  publishedPackages().flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(`${root}/${folder}/package.json`, "utf8"));
    return Object.entries(exports).flatMap(([path, target]) => {
      const source = target["@turnkeep/source"];
      return source === undefined ? [] : [{ name: `${name}${path.slice(1)}`, source: `${folder}/${source.slice(2)}` }];
    });
  });

/**
 * Reads the sources of all packages.
 * @returns {Promise<{ index: string, writePages: () => Promise<void> }>} The page that lists all, and what writes the pages.
 */
export async function readReference() {
  const found = entries();
  const app = await Application.bootstrapWithPlugins({
    entryPoints: found.map(({ source }) => `${root}/${source}`),
    tsconfig: `${root}/tsconfig.json`,
    plugin: ["typedoc-plugin-markdown"],
    outputs: [{ name: "markdown", path: `${root}/${pages}` }],
    // The check of types finds them.
    skipErrorChecking: true,
    readme: "none",
    disableSources: true,
    logLevel: "Error",
  });
  const project = await app.convert();
  if (project === undefined) throw new UserError("The reference could not be generated: see above.");
  const modules = new Map((project.children ?? []).map((one) => [one.name, one.children ?? []]));
  const sections = found.map(({ name, source }) => {
    const exported = modules.get(source.replace("packages/", "").replace(/(\/index)?\.ts$/, ""));
    if (exported === undefined) throw new Error(`typedoc has nothing of ${source}`);
    const members = exported.flatMap((one) =>
      one.name in unfolded && one.children ? [section("###", unfolded[one.name] ?? "", one.children)] : [],
    );
    return [section("##", name, exported), ...members].join("\n");
  });
  return { index: [head, ...sections].join("\n"), writePages: () => app.generateOutputs(project) };
}

/** @type {(level: string, title: string, rows: import("typedoc").DeclarationReflection[]) => string} */
const section = (level, title, rows) =>
  `${level} ${title}\n\n| | | |\n|---|---|---|\n${rows
    .map((one) => `| \`${one.name}\` | ${ReflectionKind.singularString(one.kind).toLowerCase()} | ${summaryOf(one)} |`)
    .join("\n")}\n`;

/** The first sentence of its comment. @param {import("typedoc").DeclarationReflection} one */
function summaryOf(one) {
  const comment = one.comment ?? one.signatures?.[0]?.comment;
  const text = (comment?.summary ?? []).map(({ text }) => text).join("");
  const line = text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
  return /^.*?\.(?= |$)/.exec(line)?.[0] ?? line;
}
