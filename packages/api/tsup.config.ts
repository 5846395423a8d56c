import { app } from "../../tsup.base.js";

export default app({ index: "src/index.ts", "schemas/index": "src/schemas/index.ts" });
