import { type Outcome, outcomeSchema, type Version } from "@turnkeep/core";
import type { CachedCopy, InstallReply, ReadReply, UnflushedCopy, WriteReply } from "@turnkeep/core/ports";

/* What the scripts answer, as the port says it. A reply is a list that begins with its name. */

/** A list of texts and lists, as ioredis gives what a script returns. */
export type Reply = readonly unknown[];

export function asReply(value: unknown): Reply {
  if (Array.isArray(value)) return value;
  throw new TypeError("a script answered with something other than a list");
}

/** The text at a place of a reply; `""` for nil. */
export function textAt(reply: Reply, place: number): string {
  const value = reply[place];
  return value === null || value === undefined ? "" : String(value);
}

export function textsOf(value: unknown): string[] {
  return asReply(value).map(String);
}

function versionAt(reply: Reply, place: number): Version {
  return textAt(reply, place) as Version;
}

function statusOf(text: string): "live" | "ended" {
  return text === "ended" ? "ended" : "live";
}

/** `null` where there is none, and where somebody has damaged it: one unreadable copy must not stop a whole claim. */
function outcomeOf(text: string): Outcome | null {
  if (text === "") return null;
  try {
    return outcomeSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function toReadReply(gameId: string, value: unknown, began: boolean): ReadReply {
  const reply = asReply(value);
  switch (textAt(reply, 0)) {
    case "HIT": {
      const copy: CachedCopy = {
        gameId,
        version: versionAt(reply, 1),
        status: statusOf(textAt(reply, 2)),
        logCount: Number(textAt(reply, 3)),
        outcome: outcomeOf(textAt(reply, 4)),
        lastActionAt: Number(textAt(reply, 5)),
        state: textAt(reply, 6),
      };
      return { kind: "hit", copy };
    }
    case "SAME":
      return { kind: "same", status: statusOf(textAt(reply, 1)) };
    case "UNVERIFIED":
      return { kind: "unverified", began };
    default:
      return { kind: "miss", began };
  }
}

export function toInstallReply(value: unknown): InstallReply {
  const reply = asReply(value);
  switch (textAt(reply, 0)) {
    case "OK":
      return { kind: "ok", version: versionAt(reply, 1), keptUnverified: textAt(reply, 2) === "1" };
    case "PRESENT":
      return { kind: "present" };
    default:
      return { kind: "tokenLost" };
  }
}

export function toWriteReply(value: unknown): WriteReply {
  const reply = asReply(value);
  const version = versionAt(reply, 1);
  const name = textAt(reply, 0);
  switch (name) {
    case "OK":
      return { kind: "ok", version, fence: textAt(reply, 2) };
    case "DUPLICATE":
      return { kind: "duplicate", version, madeVersion: versionAt(reply, 2) };
    case "CONFLICT":
      return { kind: "conflict", version };
    case "ENDED":
      return { kind: "ended", version };
    case "UNVERIFIED":
      return { kind: "unverified" };
    case "MISS":
      return { kind: "miss" };
    case "BACKPRESSURE":
      return { kind: "backpressure" };
    default:
      throw new TypeError(`a write was answered with ${name}`);
  }
}

/** `null` where it is never due: an empty text, and what a version of Turnkeep wrote that knew of no due times. */
function dueOf(text: string): number | null {
  const dueAt = Number(text);
  return text === "" || !Number.isSafeInteger(dueAt) ? null : dueAt;
}

/** The list that include/unflushed.lua makes. */
export function toUnflushedCopy(value: unknown): UnflushedCopy {
  const reply = asReply(value);
  return {
    gameId: textAt(reply, 0),
    version: `${textAt(reply, 1)}.${textAt(reply, 2)}` as Version,
    fence: textAt(reply, 3),
    status: statusOf(textAt(reply, 4)),
    schemaVersion: Number(textAt(reply, 5)),
    turnNumber: Number(textAt(reply, 6)),
    logCount: Number(textAt(reply, 7)),
    writeIds: textAt(reply, 8),
    outcome: outcomeOf(textAt(reply, 9)),
    lastActionAt: Number(textAt(reply, 10)),
    dueAt: dueOf(textAt(reply, 11)),
    base: (textAt(reply, 12) || "0.0") as Version,
    state: textAt(reply, 13),
    entries: textsOf(reply[14]),
  };
}
