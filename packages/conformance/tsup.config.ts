import { library } from "../../tsup.base.js";

export default library({
  index: "src/index.ts",
  "chaos/index": "src/chaos/index.ts",
  "counter-game": "src/counter-game.ts",
});
