import { Refusal, type ReplayStep, type ReplaySteps, requests } from "@turnkeep/api";
import { sleep, systemRuntime } from "@turnkeep/core";
import { useEffect, useState } from "preact/hooks";
import { api } from "./api.js";
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
      let next: string | null | undefined;
      for (let tries = 0; !over && next !== null; ) {
        try {
          const page: ReplaySteps = await api.ask(requests.getReplaySteps(gameId, { limit: pageSize, after: next }));
          steps = [...steps, ...page.items];
          next = page.next;
          const total = next === null ? steps.length - 1 : page.total;
          if (!over) setFound({ steps, total, complete: page.complete });
        } catch (error) {
          tries += 1;
          const isFinal =
            error instanceof Refusal && error.status < 500 && (error.status !== 404 || tries > triesToFind);
          if (isFinal) return over || setFound(whyNone(error));
          await sleep(systemRuntime, retryMs);
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
