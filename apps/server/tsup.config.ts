import { app } from "../../tsup.base.js";

export default app({ main: "src/main.ts", bots: "src/bots.ts" });
