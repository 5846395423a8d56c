import { createApiClient } from "@turnkeep/api";
import { session } from "./session.js";

/** Where the page is, and the server with it: below whatever path a proxy gives it. */
export const base = new URL(".", location.href).href;

/** This page's way to its server, as the player of this browser. */
export const api = createApiClient({ url: base, token: () => session.get()?.token ?? null });
