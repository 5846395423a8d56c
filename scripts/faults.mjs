// Every fault under load, on own stores, and the checker's table. `npm run faults -- --help` tells what can be chosen.
import { runProgram } from "./lib/run-program.mjs";

await runProgram("testing/faults", ["@turnkeep/faults"]);
