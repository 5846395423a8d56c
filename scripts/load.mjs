// So many matches at once on several servers: what an action takes, and the proof that nothing was lost.
import { runProgram } from "./lib/run-program.mjs";

await runProgram("examples/load", ["@turnkeep/load", "@turnkeep/server", "@turnkeep/recovery-daemon"]);
