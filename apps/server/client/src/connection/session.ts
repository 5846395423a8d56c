import { type DemoToken, Refusal } from "@turnkeep/api";
import { createStore } from "./store.js";

/** Who plays here. */
export type Session = DemoToken;

const key = "turnkeep.session";

/** The player of this browser; `null` who only watches. */
export const session = createStore<Session | null>(stored());

/** Goes on with a token from elsewhere. @throws Refusal */
export function signInWithToken(token: string): void {
  const { sub, exp, name } = claimsOf(token);
  if (typeof sub !== "string") throw new Refusal(401, "Unauthenticated", "this is not a token");
  const expiresAt = typeof exp === "number" ? exp * 1_000 : Number.MAX_SAFE_INTEGER;
  startSession({
    token,
    playerId: sub,
    name: typeof name === "string" ? name : `Player ${sub.slice(0, 4)}`,
    expiresAt,
  });
}

export function signOut(): void {
  localStorage.removeItem(key);
  session.set(null);
}

/** Takes a seat under this token, also after a reload. */
export function startSession(made: Session): void {
  localStorage.setItem(key, JSON.stringify(made));
  session.set(made);
}

function stored(): Session | null {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null") as Session | null;
    return found !== null && found.expiresAt > Date.now() ? found : null;
  } catch {
    return null;
  }
}

/** What is written in a token; nothing where it is none. Only a server knows whether it is true. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const bytes = atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))));
  } catch {
    return {};
  }
}
