import type { GameId } from "@turnkeep/core";
import type { UnflushedCopy } from "@turnkeep/core/ports";
import { ClusterTags } from "./cluster-tags.js";
import type { Connection } from "./connection.js";
import { countDirtyGames } from "./count-dirty-games.js";
import { backlogOfPart, claimGame, claimPart, type FlusherCalls } from "./flusher-calls.js";
import type { Keyring } from "./keys.js";
import { textAt, textsOf } from "./replies.js";
import type { RunScript } from "./scripting.js";

/** A Cluster: one index a slot. A claim asks those that may hold due games for ids, then reads the copies per game. */
export function clusterFlusherCalls(
  connection: Connection,
  run: RunScript,
  keyring: Keyring,
  discoverEveryMs: number,
): FlusherCalls {
  const tags = new ClusterTags(discoverEveryMs, () => countDirtyGames(connection, keyring.prefix));

  async function claimIds(tag: string, hideMs: number, dueWithinMs: number, signal?: AbortSignal): Promise<GameId[]> {
    const request = { limit: 1, hideMs, dueWithinMs };
    const reply = await claimPart(run, keyring, tag, "ids", request, signal);
    const ids = textsOf(reply[0]);
    const next = textAt(reply, 1);
    tags.asked(tag, next === "" ? null : Number(next) - Number(textAt(reply, 2)));
    return ids;
  }

  return {
    async claim({ limit, hideMs, dueWithinMs = 0 }, signal) {
      await tags.discover();
      const ids = new Set<GameId>();
      while (ids.size < limit) {
        const due = tags.due(dueWithinMs, limit - ids.size);
        const claimed = (await Promise.all(due.map((tag) => claimIds(tag, hideMs, dueWithinMs, signal)))).flat();
        const before = ids.size;
        for (const id of claimed) ids.add(id);
        // Nothing new: what is left is not due after all, or was hidden by this very claim.
        if (ids.size === before) break;
      }
      const copies: UnflushedCopy[] = [];
      const unverified: GameId[] = [];
      const absent: GameId[] = [];
      await Promise.all(
        [...ids].map(async (id) => {
          const game = await claimGame(run, keyring, id, true, signal);
          if (game === "unverified") unverified.push(id);
          else if (game === "absent") absent.push(id);
          else if (game !== "clean") copies.push(game);
        }),
      );
      return { copies, unverified, absent };
    },
    async backlog(signal) {
      const parts = await tags.filled();
      const backlogs = await Promise.all(parts.map((tag) => backlogOfPart(run, keyring.index(tag), signal)));
      return {
        games: backlogs.reduce((sum, part) => sum + part.games, 0),
        oldestOverdueMs: backlogs.reduce((oldest, part) => Math.max(oldest, part.oldestOverdueMs), 0),
      };
    },
    noteDirty: (index, withinMs) => tags.note(keyring.tagOf(index), withinMs),
    // A part says nothing of the whole; the whole was counted at the last discovery.
    bound: (maxDirtyGames) => (maxDirtyGames > 0 && tags.total >= maxDirtyGames ? "full" : "0"),
  };
}
