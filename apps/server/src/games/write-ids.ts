import { createHash } from "node:crypto";
import type { WriteId } from "@turnkeep/core";

/** Players choose their write ids alone, so that two of them may choose the same one for two writes of one game. */
export function ownWriteId(playerId: string, writeId: WriteId): WriteId {
  return createHash("sha256").update(`write ${playerId} ${writeId}`).digest("base64url");
}

/** Of a retried creation without a game id the retry finds the same id. */
export function gameIdOf(playerId: string, writeId: WriteId): string {
  const hex = createHash("sha256").update(`game ${playerId} ${writeId}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), `${variant}${hex.slice(17, 20)}`];
  return asServersOwnId([...groups, hex.slice(20, 32)].join("-"));
}

const versionAt = 14;

/** The same id with version 8: clients choose none of these, so what begins under one is what the server meant. */
export const asServersOwnId = (id: string): string => `${id.slice(0, versionAt)}8${id.slice(versionAt + 1)}`;

export const isServersOwnId = (id: string): boolean => id[versionAt] === "8";
