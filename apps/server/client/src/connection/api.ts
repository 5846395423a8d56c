import { createApiClient } from "@turnkeep/api";
import { session } from "./session.js";

/** This page's way to its server, as the player of this browser. */
export const api = createApiClient({ url: location.origin, token: () => session.get()?.token ?? null });
