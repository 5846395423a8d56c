import { library } from "../../tsup.base.js";

export default library({
  index: "src/index.ts",
  "ports/index": "src/ports/index.ts",
  "virtual-runtime": "src/runtime/virtual.ts",
});
