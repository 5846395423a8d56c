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

/** The JSON object that the text is, as every state is one; `null` for any other text. */
export function documentOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
