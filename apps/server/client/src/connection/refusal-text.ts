import type { Refusal } from "@turnkeep/api";
import { spaced } from "../common/words.js";

/** Why something was not done, and what to do. */
export function refusalText({ code, message, details }: Refusal): string {
  switch (code) {
    case "NotYourTurn":
      return "It is not your move any more.";
    case "GameEnded":
    case "GameGone":
      return "The game is over.";
    case "RevisionConflict":
      return "The game has gone on since: look at the table and choose again.";
    case "Unauthenticated":
      return "Your seat is not known to the server any more: take a new one in the lobby.";
    case "IllegalAction":
      // The rules say why, in words.
      return sentence(message);
    case "InternalError":
      return "Something went wrong on the server. Try it again; if that does not help, load the page anew.";
    default:
      return typeof details.reason === "string" ? `${message}: ${spaced(details.reason)}.` : sentence(message);
  }
}

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
