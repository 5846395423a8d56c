import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { SeenGame } from "../connection/use-game.js";

/** Who moved by a button or a card that is gone now goes on from the desk, not from the top of the page. */
export function useDesk(desk: RefObject<HTMLElement | null>, pending: SeenGame["pending"]): void {
  const sent = useRef(false);
  useEffect(() => {
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (pending === "no" && sent.current && isLost) desk.current?.focus({ preventScroll: true });
    sent.current = pending !== "no";
  }, [pending]);
}
