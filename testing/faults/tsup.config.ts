import { app } from "../../tsup.base.js";

export default app({ main: "src/main.ts", worker: "src/system/worker.ts", rehearse: "src/rehearse-main.ts" });
