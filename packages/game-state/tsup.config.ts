import { library } from "../../tsup.base.js";

export default library({
  index: "src/index.ts",
  "core/index": "src/core/index.ts",
  "ports/index": "src/ports/index.ts",
  "json-schema/index": "src/json-schema/index.ts",
});
