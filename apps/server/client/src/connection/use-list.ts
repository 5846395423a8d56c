import type { ApiRequest } from "@turnkeep/api";
import { useEffect, useState } from "preact/hooks";
import { api } from "./api.js";
import { session } from "./session.js";
import { useStore } from "./store.js";

/** What a list says, asked again every `everyMs`; `null` until it answered once. An unanswered try changes nothing. */
export function useList<T>(request: ApiRequest<T> | null, everyMs: number): T | null {
  const [said, setSaid] = useState<T | null>(null);
  const player = useStore(session);
  useEffect(() => {
    setSaid(null);
    if (request === null) return;
    let over = false;
    const look = async () => {
      const found = await api.ask(request).catch(() => null);
      if (!over && found !== null) setSaid(found);
    };
    void look();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void look();
    }, everyMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [request?.path, everyMs, player]);
  return said;
}
