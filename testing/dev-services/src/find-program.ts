import { fileURLToPath } from "node:url";

/**
 * The file of a program that is started as a process of its own: what is built starts what is built; sources, in tests,
 * start a bundle of sources.
 * @param asker `import.meta.url` of the module that starts it
 */
export async function findProgram(
  asker: string,
  { built, sources }: { readonly built: URL; readonly sources: URL },
): Promise<string> {
  if (!asker.endsWith(".ts")) return fileURLToPath(built);
  const { bundleProgram } = await import("./testing/bundle-program.js");
  return bundleProgram(sources);
}
