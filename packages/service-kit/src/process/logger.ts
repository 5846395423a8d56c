import { type DestinationStream, type Logger, pino } from "pino";
import { logError } from "./log-error.js";

/** A logger of JSON lines, by default on standard output; errors under `err` are logged without what they may quote. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, serializers: { err: logError } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
