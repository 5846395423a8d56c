import { isTurnkeepError } from "@turnkeep/core";
import { ConfigError } from "@turnkeep/service-kit";
import { type EndStatus, endStatuses, MisuseError } from "./host.js";

/** How a command that failed ends: the status, and why in one sentence, without a stack or a secret. */
export function failureOf(error: unknown): { readonly status: EndStatus; readonly sentence: string } {
  if (error instanceof ConfigError) {
    return { status: endStatuses.misused, sentence: `the settings are not valid:\n${error.message}` };
  }
  const isMisuse =
    error instanceof MisuseError ||
    isTurnkeepError(error, "Misconfigured") ||
    isTurnkeepError(error, "InvalidGameId") ||
    isTurnkeepError(error, "InvalidInput");
  return { status: isMisuse ? endStatuses.misused : endStatuses.failed, sentence: sentenceOf(error) };
}

/** Why something failed. What a parser quotes may hold a state, so its message is left out. */
export function sentenceOf(error: unknown): string {
  if (error instanceof SyntaxError || !(error instanceof Error)) return "a document could not be read";
  return error.message;
}
