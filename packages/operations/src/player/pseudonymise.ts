import type { PlayerId } from "@turnkeep/core";

export interface Pseudonym {
  readonly playerId: PlayerId;
  /** Stands in the place of the id from now on. */
  readonly pseudonym: PlayerId;
  /** Stands in the place of the name. */
  readonly name: string;
}

/** Where an object says whom it is about. */
const idMembers = ["id", "playerId"];

/**
 * A JSON document without a player: the id is replaced wherever it stands, in values and in the names of members, within
 * longer texts as a word of its own; and in each object that is about the player (`id` or `playerId` is theirs) the `name`.
 * @throws SyntaxError for what is no JSON
 */
export function pseudonymise(document: string, who: Pseudonym): string {
  const id = who.playerId.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return JSON.stringify(
    renamed(JSON.parse(document), who, new RegExp(`(?<![\\p{L}\\p{N}])${id}(?![\\p{L}\\p{N}])`, "gu")),
  );
}

function renamed(value: unknown, who: Pseudonym, id: RegExp): unknown {
  if (typeof value === "string") return value.replaceAll(id, () => who.pseudonym);
  if (Array.isArray(value)) return value.map((item) => renamed(item, who, id));
  if (typeof value !== "object" || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const isTheirs = idMembers.some((member) => Object.hasOwn(members, member) && members[member] === who.playerId);
  const entries = Object.entries(members).map(([key, item]) => {
    const isName = isTheirs && key === "name" && typeof item === "string";
    return [renamed(key, who, id), isName ? who.name : renamed(item, who, id)];
  });
  return Object.fromEntries(entries);
}
