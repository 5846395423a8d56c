// Matches between real clients while the server is killed, and the proof that nothing was lost.
import { runProgram } from "./lib/run-program.mjs";

await runProgram("examples/demo", ["@turnkeep/demo", "@turnkeep/server", "@turnkeep/recovery-daemon"]);
