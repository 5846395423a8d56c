import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const everyMs = 1_000;
const urgentSeconds = 15;

/** The time left, which a screen reader says only when asked; `null` where it is not known now. */
export function Countdown({ dueAt }: { dueAt: number | null }): JSX.Element {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  if (dueAt === null) return <span class="clock">–:––</span>;
  const seconds = Math.max(0, Math.ceil((dueAt - Date.now()) / 1_000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <span class={`clock ${seconds <= urgentSeconds ? "urgent" : ""}`} role="timer" aria-label={`${text} left`}>
      {text}
    </span>
  );
}
