import type { ApiRequest } from "@turnkeep/api";
import { api } from "./api.js";
import { arrivals } from "./connection.js";

/** Receives true when a try got no answer, and false when the server is there again and is asked at once. */
export type OnWait = (waits: boolean) => void;

/** Asks until there is an answer, and at once when the server is there again. @throws Refusal */
export function askPatiently<T>(request: ApiRequest<T>, onWait: OnWait): Promise<T> {
  let seen = arrivals.get();
  // What failed while the server came back says nothing of the server that is there now.
  const isBack = () => arrivals.get() !== seen;
  const unsubscribe = arrivals.subscribe(() => onWait(false));
  const pause = async (ms: number) => {
    await untilBack(ms, isBack);
    seen = arrivals.get();
  };
  return api.askUntilAnswered(request, { onRetry: () => onWait(!isBack()), pause }).finally(unsubscribe);
}

function untilBack(ms: number, isBack: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(end, isBack() ? 0 : ms);
    const unsubscribe = arrivals.subscribe(end);
  });
}
