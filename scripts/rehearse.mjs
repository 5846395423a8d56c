// The worst hour of an operator, on own stores: what was lost, how fast all came back. TURNKEEP_GAMES says how many games.
import { runProgram } from "./lib/run-program.mjs";

await runProgram("testing/faults", ["@turnkeep/faults", "@turnkeep/recovery-daemon"], "rehearse");
