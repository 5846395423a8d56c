import { library } from "../../tsup.base.js";

export default library({
  index: "src/index.ts",
  "json-schema/index": "src/json-schema/index.ts",
});
