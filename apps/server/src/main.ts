#!/usr/bin/env node
import { stopSignals } from "@turnkeep/service-kit/stop-signals";

// Before anything else is loaded: a signal without a handler is lost where the program is process 1 of a container.
const signal = stopSignals();
const { runServer } = await import("./run-server.js");
process.exit(await runServer(process.argv.slice(2), signal));
