import { browserLibrary } from "../../tsup.base.js";

export default browserLibrary({
  index: "src/index.ts",
  "json-schema/index": "src/json-schema/index.ts",
});
