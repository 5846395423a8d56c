import type { GameResult } from "@turnkeep/api/schemas";
import { isNpc, type JsonValue } from "@turnkeep/core";
import type { GameHistoryRecord } from "@turnkeep/core/ports";
import type { ReplayStates } from "@turnkeep/manager";
import { viewerAmong } from "../served/project-game.js";
import type { EntryView, Onlooker, ShownGame } from "../served/served-game.js";

/**
 * What the log keeps of one write: whose it is and the id that they gave it, so that it is known whether and how
 * often it was applied, and what the rules say of it: an entry for the player's action, and one for each of the NPC's.
 */
export interface LoggedWrite {
  readonly playerId: string;
  readonly writeId: string;
  readonly entries: readonly JsonValue[];
}

/** A write as one onlooker may see it. */
export interface WriteView {
  readonly playerId: string;
  readonly writeId: string;
  readonly entries: readonly EntryView[];
}

/** The result of a finished game: who won and lost, as ids of players in the state, and how long it took. */
export function resultOf(record: GameHistoryRecord, playerIds: readonly string[]): GameResult {
  const { outcome, durationSeconds, turnCount } = record;
  const winner = (outcome.winnerIsNpc ? playerIds.find(isNpc) : outcome.winnerIds[0]) ?? null;
  const loser = winner === null ? null : (playerIds.find((id) => id !== winner) ?? null);
  return { winner, loser, outcome, durationSeconds, turnCount };
}

/** What a viewer may see of a finished game, and how. */
export class FinishedGame<State extends object> {
  readonly #served: ShownGame<State>;

  constructor(
    served: ShownGame<State>,
    readonly stored: ReplayStates<State>,
  ) {
    this.#served = served;
  }

  get playerIds(): readonly string[] {
    const { record, finalState } = this.stored;
    return finalState === null ? record.playerIds : this.#served.game.playersOf(finalState);
  }

  get result(): GameResult {
    return resultOf(this.stored.record, this.playerIds);
  }

  /** Strangers look as spectators do. */
  onlooker(viewerId: string | null): Onlooker {
    const { finalState } = this.stored;
    const viewer = viewerAmong(this.playerIds, viewerId);
    return {
      viewerId: viewer === "spectator" ? null : viewer.playerId,
      open: finalState !== null && this.#served.opensAfterEnd(finalState),
    };
  }

  /** `null` for a state that history does not have. */
  view(state: State | null, viewerId: string | null): unknown {
    return state === null ? null : this.#served.viewAfterEnd(state, this.onlooker(viewerId));
  }

  /** Whether this write was applied, be it the one that ended the game. */
  hasWrite(playerId: string, writeId: string): boolean {
    const log = this.stored.log as readonly Partial<LoggedWrite>[];
    return log.some((write) => write.playerId === playerId && write.writeId === writeId);
  }

  /** The log for its players, redacted; `null` for others. */
  log(viewerId: string | null): readonly WriteView[] | null {
    const onlooker = this.onlooker(viewerId);
    if (onlooker.viewerId === null) return null;
    return viewWrites(this.#served, this.stored.log, onlooker);
  }
}

export function viewWrites<State extends object>(
  served: Pick<ShownGame<State>, "viewEntry">,
  log: readonly JsonValue[],
  onlooker: Onlooker,
): readonly WriteView[] {
  return (log as unknown as readonly LoggedWrite[]).map(({ playerId, writeId, entries }) => ({
    playerId,
    writeId,
    entries: entries.map((entry) => served.viewEntry(entry, onlooker)),
  }));
}
