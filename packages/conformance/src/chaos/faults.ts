import { TurnkeepError, type WriteFate } from "@turnkeep/core";
import { unavailable } from "./unavailable.js";

/** What happens instead of a call; `call` makes the real one, `port` is the real port. */
export type Fault = (call: () => Promise<unknown>, port: object) => Promise<unknown>;

/** The call is not made, and its caller learns this fate. */
export function away(fate: WriteFate = "notDone"): Fault {
  return (_call, port) => Promise.reject(unavailable(port, fate));
}

/** The store answers that it could not do it in time, because of a locked row or its own limit. */
export function busy(): Fault {
  const details = { fate: "notDone", reason: "busy" } as const;
  return () => Promise.reject(new TurnkeepError("StoreUnavailable", "the row is locked", details));
}

/** The call is made, and its reply is lost: `unknown`. */
export function loseReply(): Fault {
  return async (call, port) => {
    await call();
    throw unavailable(port, "unknown");
  };
}

/** Something else happens just before the call. */
export function precededBy(work: () => Promise<unknown>): Fault {
  return async (call) => {
    await work();
    return call();
  };
}

/** Something else happens between the call and its reply. */
export function followedBy(work: () => Promise<unknown>): Fault {
  return async (call) => {
    const reply = await call();
    await work();
    return reply;
  };
}
