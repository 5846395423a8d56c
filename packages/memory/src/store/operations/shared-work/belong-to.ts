import { type Deployment, deploymentOf, keepsAnotherGame } from "@turnkeep/core/ports";
import type { Database } from "../../database.js";

/** Whose games the space keeps: those of the first game that asked. @throws Misconfigured for another one */
export function belongTo(db: Database, game: string): Deployment {
  db.check(undefined);
  const kept = db.space.keeps(game);
  if (kept.game !== game) throw keepsAnotherGame("memory", kept.game, game);
  return deploymentOf(kept.id, game);
}
