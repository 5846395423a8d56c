#!/usr/bin/env node
import { stopSignals } from "@turnkeep/service-kit/stop-signals";

// Before anything else is loaded: a signal without a handler is lost where the program is process 1 of a container.
const signal = stopSignals();
const { runHere } = await import("./run-here.js");
process.exit(await runHere(process.argv.slice(2), signal));
