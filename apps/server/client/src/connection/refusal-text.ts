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
    case "InvalidInput":
      return inputText(details.issues);
    case "InternalError":
      return "Something went wrong on the server. Try it again; if that does not help, load the page anew.";
    default:
      return typeof details.reason === "string" ? `${message}: ${spaced(details.reason)}.` : sentence(message);
  }
}

const inputTexts: readonly (readonly [RegExp, string])[] = [
  [/name:/, "A name has 1 to 40 characters, all of which can be seen."],
  [/token:/, "This link is damaged. Ask for it again."],
  [/deck:/i, "The server has no such deck. Load the page again, and choose one."],
];

/** What is wrong with something that the player typed or followed; the server names the field of each issue. */
function inputText(issues: unknown): string {
  const found = inputTexts.find(
    ([field]) => Array.isArray(issues) && issues.some((issue) => field.test(String(issue))),
  );
  return found?.[1] ?? "The server does not understand this page. Load it again, and try once more.";
}

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
