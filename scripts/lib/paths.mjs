import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
/** Downloaded tools; may be removed at any time while nothing runs. */
export const tools = `${root}/.tools`;
/** Data of `npm start`, with its logs. */
export const data = `${root}/.data`;

/** Imports a module by its path, whatever characters the path has: as it is, `#`, `?` and `%` would be read as in a URL. */
export const importFile = (/** @type {string} */ file) => import(pathToFileURL(file).href);
