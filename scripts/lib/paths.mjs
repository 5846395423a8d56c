import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
/** Downloaded tools; may be removed at any time while nothing runs. */
export const tools = `${root}/.tools`;
/** Data of `npm start`, with its logs. */
export const data = `${root}/.data`;
