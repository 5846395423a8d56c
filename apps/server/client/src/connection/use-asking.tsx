import { Refusal } from "@turnkeep/api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { OnWait } from "./ask-patiently.js";
import { refusalText } from "./refusal-text.js";

/** One thing at a time that is asked of the server. */
export interface Asking {
  readonly busy: boolean;
  /** A try got no answer, and another one follows. */
  readonly waiting: boolean;
  readonly problem: string | null;
  /** Does the work, which says when a try got no answer. What the server refuses becomes the problem. */
  readonly attempt: (work: (onWait: OnWait) => Promise<void>) => Promise<void>;
}

export function useAsking(): Asking {
  const [busy, setBusy] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt: Asking["attempt"] = async (work) => {
    setBusy(true);
    setProblem(null);
    try {
      await work(setWaiting);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setProblem(refusalText(error));
    } finally {
      setBusy(false);
      setWaiting(false);
    }
  };
  return { busy, waiting, problem, attempt };
}

/** How it stands with what was asked, in words. */
export function AskingState({ asking: { waiting, problem } }: { asking: Asking }): JSX.Element {
  return (
    <>
      <p class="waits" role="status">
        {waiting ? "The server does not answer. It is asked again until it does." : null}
      </p>
      <p class="refusal" role="alert">
        {problem}
      </p>
    </>
  );
}
