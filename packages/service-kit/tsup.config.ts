import { library } from "../../tsup.base.js";

export default library({ index: "src/index.ts", "stop-signals": "src/process/stop-signals.ts" });
