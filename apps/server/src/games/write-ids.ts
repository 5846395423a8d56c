import { createHash } from "node:crypto";
import type { WriteId } from "@turnkeep/core";

/** Players choose their write ids alone, so that two of them may choose the same one for two writes of one game. */
export function ownWriteId(playerId: string, writeId: WriteId): WriteId {
  return createHash("sha256").update(`write ${playerId} ${writeId}`).digest("base64url");
}

/** Of a retried creation without a game id the retry finds the same id. The version is 8, for ids of one's own making. */
export function gameIdOf(playerId: string, writeId: WriteId): string {
  const hex = createHash("sha256").update(`game ${playerId} ${writeId}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
