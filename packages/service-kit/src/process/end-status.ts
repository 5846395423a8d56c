import { isTurnkeepError } from "@turnkeep/core";

/**
 * Logs why a program ends, the reason in the first sentence, and returns its exit status: 2 where the settings or a
 * store must be changed, else 1.
 */
export function endStatus(
  logger: { fatal(fields: object, message: string): void },
  program: string,
  error: unknown,
): 1 | 2 {
  const isMisconfigured = isTurnkeepError(error, "Misconfigured");
  const reason = error instanceof Error && !(error instanceof SyntaxError) ? `: ${error.message}` : "";
  logger.fatal({ err: error }, `the ${program} ${isMisconfigured ? "is misconfigured" : "failed"}${reason}`);
  return isMisconfigured ? 2 : 1;
}
