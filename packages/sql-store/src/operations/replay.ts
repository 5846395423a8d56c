import type { IncompleteArchiveRequest } from "@turnkeep/core/ports";
import { invalidInput } from "../errors.js";

const OWN_MEMBERS = ["initialState", "log", "rules", "finalState"];

/**
 * An archiver's own fields as text that continues a JSON object: `""`, or `,"a":1` with their very bytes.
 * @throws InvalidInput unless they are a JSON object that leaves the replay's own names alone
 */
export function extraMembers(extraReplay: string | undefined): string {
  if (extraReplay === undefined) return "";
  const names = Object.keys(parseObject(extraReplay));
  const taken = names.find((name) => OWN_MEMBERS.includes(name));
  if (taken !== undefined) throw invalidInput(`the replay has a field ${taken} of its own`, "extraReplay");
  return names.length === 0 ? "" : `,${extraReplay.trim().slice(1, -1)}`;
}

/** The replay of a game of which only what the caller gives is known. */
export function incompleteReplay({ state, rules, extraReplay }: IncompleteArchiveRequest): string {
  const members = `"initialState":null,"log":[],"rules":${rules},"finalState":${state ?? "null"}`;
  return `{${members}${extraMembers(extraReplay)}}`;
}

function parseObject(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // told below: the parser's own message would quote the text
  }
  throw invalidInput("the replay's extra fields are a JSON object", "extraReplay");
}
