import type { GameCopy } from "./records.js";

/**
 * What tells two states of one game apart without sending either: `<version> <fence> <log entries> <bytes of the state's
 * UTF-8> <bits that are set in them>`.
 */
export function digestOf({ version, fence, logCount, state }: Digested): string {
  const bytes = new TextEncoder().encode(state);
  let bits = 0;
  for (const byte of bytes) for (let left = byte; left > 0; left &= left - 1) bits += 1;
  return `${version} ${fence} ${logCount} ${bytes.length} ${bits}`;
}

type Digested = Pick<GameCopy, "version" | "fence" | "logCount" | "state">;

/** Whether the text is a JSON object, as every state is. */
export function isDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
