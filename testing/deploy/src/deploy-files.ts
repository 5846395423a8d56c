import { fileURLToPath } from "node:url";

// Of the checkout; this file is bundled into dist/main.js.
const top = fileURLToPath(import.meta.url.slice(0, import.meta.url.lastIndexOf("/testing/")));

/** The path of a file of the folder `deploy`. */
export const deployFile = (path: string): string => `${top}/deploy/${path}`;
