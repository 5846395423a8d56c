import { askUntilAnswered, Refusal } from "./api.js";
import { createStore } from "./store.js";

/** Who plays here. */
export interface Session {
  readonly token: string;
  readonly playerId: string;
  readonly name: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

const key = "turnkeep.session";

/** The player of this browser; `null` who only watches. */
export const session = createStore<Session | null>(stored());

/** Takes a token of demo mode for a new player. @throws Refusal with 404 where the server has no demo mode */
export async function signIn(name: string, onWait: () => void): Promise<void> {
  keep(await askUntilAnswered<Session>("/demo/token", { method: "POST", body: { name } }, onWait));
}

/** Goes on with a token from elsewhere. @throws Refusal */
export function signInWithToken(token: string): void {
  const { sub, exp, name } = claimsOf(token);
  if (typeof sub !== "string") throw new Refusal(401, "Unauthenticated", "this is not a token", {});
  const expiresAt = typeof exp === "number" ? exp * 1_000 : Number.MAX_SAFE_INTEGER;
  keep({ token, playerId: sub, name: typeof name === "string" ? name : `Player ${sub.slice(0, 4)}`, expiresAt });
}

export function signOut(): void {
  localStorage.removeItem(key);
  session.set(null);
}

function keep(made: Session): void {
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

/** What a token says, to whoever holds it; nothing where it is none. Only a server can tell whether it is true. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const bytes = atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))));
  } catch {
    return {};
  }
}
