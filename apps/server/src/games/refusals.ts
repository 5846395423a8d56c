import { TurnkeepError } from "@turnkeep/core";

const mostIssues = 20;
const longestIssue = 300;

/** The first issues, each cut where it is very long: a client may have sent thousands of them. */
export function invalidInput(...all: readonly string[]): TurnkeepError<"InvalidInput"> {
  const issues = all.slice(0, mostIssues).map((issue) => issue.slice(0, longestIssue));
  return new TurnkeepError("InvalidInput", issues[0] ?? "the input is not sound", { issues });
}

export function forbidden(message: string): TurnkeepError<"Forbidden"> {
  return new TurnkeepError("Forbidden", message, {});
}

export function gameNotFound(gameId: string): TurnkeepError<"GameNotFound"> {
  return new TurnkeepError("GameNotFound", "there is no such game", { gameId });
}
