import { createStore } from "./store.js";

/** Where the reader is. It stands behind the #, which no server ever sees: an invitation is a secret. */
export type Route =
  | { readonly at: "lobby" }
  | { readonly at: "game"; readonly gameId: string }
  | { readonly at: "replay"; readonly gameId: string }
  | { readonly at: "invite"; readonly invite: string };

function parse(hash: string): Route {
  const [at, rest = ""] = hash.replace(/^#\/?/, "").split("/");
  if (at === "game" && rest) return { at, gameId: rest };
  if (at === "replay" && rest) return { at, gameId: rest };
  if (at === "invite" && rest) return { at, invite: rest };
  return { at: "lobby" };
}

export const route = createStore<Route>(parse(location.hash));

addEventListener("hashchange", () => route.set(parse(location.hash)));

export function go(to: string): void {
  location.hash = to;
}
