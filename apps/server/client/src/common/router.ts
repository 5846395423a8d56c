import { createStore } from "../connection/store.js";

/** Where the reader is. It stands behind the #, which no server ever sees: an invitation is a secret. */
export type Route =
  | { readonly at: "lobby" | "decks" | "help" }
  | { readonly at: "game"; readonly gameId: string }
  | { readonly at: "replay"; readonly gameId: string }
  | { readonly at: "invite"; readonly invite: string };

function parse(hash: string): Route {
  const [at, rest = ""] = hash.replace(/^#\/?/, "").split("/");
  if (at === "game" && rest) return { at, gameId: rest };
  if (at === "replay" && rest) return { at, gameId: rest };
  if (at === "invite" && rest) return { at, invite: rest };
  if (at === "decks" || at === "help") return { at };
  return { at: "lobby" };
}

export const route = createStore<Route>(parse(location.hash));

const asides: readonly Route["at"][] = ["decks", "help"];
let lastPlace = asides.includes(route.get().at) ? "#/" : location.hash || "#/";

addEventListener("hashchange", () => {
  route.set(parse(location.hash));
  if (!asides.includes(route.get().at)) lastPlace = location.hash || "#/";
});

/** Where the reader was before they looked something up, and what that is called. */
export function wayBack(): { href: string; text: string } {
  const texts = { game: "Back to the table", replay: "Back to the replay", invite: "Back to the invitation" };
  const { at } = parse(lastPlace);
  return { href: lastPlace, text: at in texts ? texts[at as keyof typeof texts] : "To the lobby" };
}

export function go(to: string): void {
  location.hash = to;
}
