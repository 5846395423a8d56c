import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/**
 * Who moved by a button or a card that is gone now goes on from the desk, not from the top of the page, once the player
 * need not wait any more.
 */
export function useDesk(desk: RefObject<HTMLElement | null>, waits: boolean): void {
  const waited = useRef(false);
  useEffect(() => {
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (!waits && waited.current && isLost) desk.current?.focus({ preventScroll: true });
    waited.current = waits;
  }, [waits]);
}
