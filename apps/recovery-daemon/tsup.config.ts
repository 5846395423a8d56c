import { app } from "../../tsup.base.js";

/** Packages of this workspace go into the program, so that its tarball can be installed alone. */
export default app({ main: "src/main.ts" }, { noExternal: [/^@turnkeep\//] });
