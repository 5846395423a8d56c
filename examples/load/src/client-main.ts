import { MatchPlayers } from "./clients/play-matches.js";
import type { ToClient } from "./clients/start-clients.js";

let players: MatchPlayers | null = null;

process.on("disconnect", () => process.exit(1));
// A Ctrl-C is the parent's affair.
process.on("SIGINT", () => undefined);
process.on("message", (message: ToClient) => {
  if (message.kind !== "work") return players?.enter(message.kind);
  players = new MatchPlayers(message.work);
  players.play(new AbortController().signal).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
      process.exit(1);
    },
  );
});
