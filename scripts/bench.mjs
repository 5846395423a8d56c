// Turnkeep beside its limit and the usual design. `npm run bench -- --help` says what can be chosen.
import { runProgram } from "./lib/run-program.mjs";

await runProgram("bench", ["@turnkeep/bench", "@turnkeep/server", "@turnkeep/recovery-daemon"]);
