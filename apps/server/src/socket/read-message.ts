import { type ClientMessage, clientMessageSchema } from "@turnkeep/api/schemas";
import { isTurnkeepError } from "@turnkeep/core";
import { invalidInput } from "../games/refusals.js";
import { describeIssue } from "../protocol/describe-issue.js";

/** @throws InvalidInput */
export function readMessage(value: unknown): ClientMessage {
  const parsed = clientMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(...parsed.error.issues.map((issue) => describeIssue(issue)));
}

/** What an error repeats of the message that it answers, also of an invalid one. */
export function readLabels(message: unknown): { requestId?: string; gameId?: string } {
  if (typeof message !== "object" || message === null) return {};
  const short = (name: "requestId" | "gameId") => {
    const label = Object.getOwnPropertyDescriptor(message, name)?.value;
    return typeof label === "string" && label.length <= 64 ? { [name]: label } : {};
  };
  return { ...short("requestId"), ...short("gameId") };
}

/** What no client that works well ever sends, be it the message or the action in it. */
export const isUnsound = (error: unknown) =>
  isTurnkeepError(error) && ["InvalidInput", "InvalidState", "InvalidGameId"].includes(error.code);
