import type { FlusherCalls } from "./flusher-calls.js";
import { backlogOfPart, claimPart } from "./flusher-calls.js";
import { type Keyring, singleTag } from "./keys.js";
import { asReply, textsOf, toUnflushedCopy } from "./replies.js";
import type { RunScript } from "./scripting.js";

/** One Redis: one index, and a claim brings the copies in the same round trip. */
export function singleFlusherCalls(run: RunScript, keyring: Keyring): FlusherCalls {
  return {
    async claim(request, signal) {
      const [copies, unverified, absent] = await claimPart(run, keyring, singleTag, "copies", request, signal);
      return { copies: asReply(copies).map(toUnflushedCopy), unverified: textsOf(unverified), absent: textsOf(absent) };
    },
    backlog: (signal) => backlogOfPart(run, keyring.index(singleTag), signal),
    noteDirty: () => undefined,
    bound: (maxDirtyGames) => String(maxDirtyGames),
  };
}
