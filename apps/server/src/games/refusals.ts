import { TurnkeepError } from "@turnkeep/core";

export function invalidInput(...issues: readonly string[]): TurnkeepError<"InvalidInput"> {
  return new TurnkeepError("InvalidInput", issues[0] ?? "the input is not sound", { issues });
}

export function forbidden(message: string): TurnkeepError<"Forbidden"> {
  return new TurnkeepError("Forbidden", message, {});
}

export function gameNotFound(gameId: string): TurnkeepError<"GameNotFound"> {
  return new TurnkeepError("GameNotFound", "there is no such game", { gameId });
}
