import { harden, isTurnkeepError, TurnkeepError } from "@turnkeep/core";

/**
 * Parses text from a client, and refuses at once what could never be kept: keys that pollute prototypes, lone
 * surrogates, NUL, numbers that JSON would change, more depth than a state may have. The result is frozen.
 * @throws InvalidInput if it is not JSON, InvalidState with reason and path
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text.
    if (!(error instanceof SyntaxError)) throw error;
    throw new TurnkeepError("InvalidInput", "this is not JSON", { issues: ["not JSON"] });
  }
  try {
    harden(value);
  } catch (error) {
    if (!isTurnkeepError(error, "InvalidState")) throw error;
    throw new TurnkeepError("InvalidState", "this cannot be kept as JSON", error.details);
  }
  return value;
}

/** @throws InvalidInput for bytes that are no UTF-8, which else would silently become other text */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TurnkeepError("InvalidInput", "this is not UTF-8", { issues: ["not UTF-8"] });
  }
}
