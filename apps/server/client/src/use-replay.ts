import { useEffect, useState } from "preact/hooks";
import type { ReplayStep, ReplaySteps } from "./answers.js";
import { ask, Refusal } from "./api.js";
import { pause } from "./backoff.js";
import { session } from "./session.js";
import { useStore } from "./store.js";

const retryMs = 1_000;
const pageSize = 50;
const triesToFind = 5;

export interface Replay {
  /** As far as they have come. */
  readonly steps: readonly ReplayStep[];
  /** The number of the last one. */
  readonly total: number;
  readonly complete: boolean;
}

/** A finished game's steps, or in words why there are none. One that has just ended may not be in history yet. */
export function useReplay(gameId: string): Replay | string | null {
  const player = useStore(session);
  const [found, setFound] = useState<Replay | string | null>(null);
  useEffect(() => {
    let over = false;
    const look = async () => {
      let steps: readonly ReplayStep[] = [];
      let next: string | null = "";
      for (let tries = 0; !over && next !== null; ) {
        try {
          const after: string = next === "" ? "" : `&after=${next}`;
          const path = `/games/${gameId}/replay/steps?limit=${pageSize}${after}`;
          const page: ReplaySteps = await ask(path, { token: player?.token });
          steps = [...steps, ...page.items];
          next = page.next;
          const total = next === null ? steps.length - 1 : page.total;
          if (!over) setFound({ steps, total, complete: page.complete });
        } catch (error) {
          tries += 1;
          const isFinal =
            error instanceof Refusal && error.status < 500 && (error.status !== 404 || tries > triesToFind);
          if (isFinal) return over || setFound(whyNone(error));
          await pause(retryMs);
        }
      }
    };
    void look();
    return () => {
      over = true;
    };
  }, [gameId, player]);
  return found;
}

function whyNone({ status, message }: Refusal): string {
  return status === 404 ? "There is no finished game here. It may still be played, or its address is wrong." : message;
}
