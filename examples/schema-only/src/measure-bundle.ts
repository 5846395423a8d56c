import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const folder = fileURLToPath(new URL(".", import.meta.url));

export interface BundleSizes {
  /** Bytes after minifying and gzip, zod included. */
  readonly gzipped: number;
  /** The same without zod, which a page may have for its own forms. */
  readonly ownGzipped: number;
  readonly holdsZod: boolean;
  readonly files: readonly string[];
}

/** Bundles TypeScript for a browser, as a page would. */
export async function measureBundle(code: string): Promise<BundleSizes> {
  const bundle = (external: string[]) =>
    build({
      stdin: { contents: code, resolveDir: folder, loader: "ts" },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      conditions: ["@turnkeep/source"],
      metafile: true,
      write: false,
      external,
    });
  const [whole, own] = await Promise.all([bundle([]), bundle(["zod"])]);
  const size = ({ outputFiles: [file] }: typeof whole) => gzipSync(file?.contents ?? "").length;
  const inputs = Object.values(whole.metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  return {
    gzipped: size(whole),
    ownGzipped: size(own),
    holdsZod: files.some((file) => file.includes("/zod/")),
    files,
  };
}
