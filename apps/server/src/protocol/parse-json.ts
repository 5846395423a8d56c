import { maxStateDepth, TurnkeepError } from "@turnkeep/core";
import { checkJsonValue } from "./check-json-value.js";

/** How many values one message may hold, all containers and all that is in them: far more than any action or rules. */
const mostValues = 2_000;

/**
 * Parses text from a client, and refuses at once what could never be kept: keys that pollute prototypes, lone
 * surrogates, NUL, numbers that JSON would change, more depth than a state may have. What has too many parts is
 * refused before anything is built of it.
 * @throws InvalidInput if it is not JSON or has too many values, InvalidState with reason and path
 */
export function parseJson(text: string): unknown {
  measure(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text.
    if (!(error instanceof SyntaxError)) throw error;
    throw new TurnkeepError("InvalidInput", "this is not JSON", { issues: ["not JSON"] });
  }
  checkJsonValue(value);
  return value;
}

/** Looks at the text's brackets and commas alone, once, and stops where there are too many. */
function measure(text: string): void {
  let values = 1;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case "{":
      case "[":
        values += 1;
        depth += 1;
        if (depth > maxStateDepth) {
          const details = { reason: "depth", path: "$" } as const;
          throw new TurnkeepError("InvalidState", `more than ${maxStateDepth} levels`, details);
        }
        break;
      case "}":
      case "]":
        depth -= 1;
        break;
      case ",":
        values += 1;
    }
    if (values > mostValues) {
      const issues = [`more than ${mostValues} values`];
      throw new TurnkeepError("InvalidInput", "this has too many parts", { issues });
    }
  }
}

/** The place of the quotation mark that ends the string which begins here. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

/** @throws InvalidInput for bytes that are no UTF-8, which else would silently become other text */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TurnkeepError("InvalidInput", "this is not UTF-8", { issues: ["not UTF-8"] });
  }
}
