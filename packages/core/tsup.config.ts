import { browserLibrary } from "../../tsup.base.js";

export default browserLibrary({
  index: "src/index.ts",
  "ports/index": "src/ports/index.ts",
  "runtime/virtual": "src/runtime/virtual.ts",
});
