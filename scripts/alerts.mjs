// Each alert, raised by its fault on real servers. `npm run alerts -- --help` lists what can be chosen.
import { runProgram } from "./lib/run-program.mjs";

await runProgram("testing/deploy", ["@turnkeep/deploy-checks", "@turnkeep/server", "@turnkeep/recovery-daemon"]);
