import { type Runtime, systemRuntime } from "@turnkeep/core";
import { Presets, SingleBar } from "cli-progress";

/** Progress on a terminal; nothing where the output is read by a program. */
export interface ProgressBar {
  show(done: number, total: number): void;
  end(): void;
}

/** A bar with rate and time left on this stream, if it is a terminal. */
export function progressBar(
  what: string,
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  { monotonicMs }: Pick<Runtime, "monotonicMs"> = systemRuntime,
): ProgressBar {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  const format = `${what} [{bar}] {value}/{total} games, {rate} a second, {eta_formatted} left`;
  const bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true }, Presets.legacy);
  const begun = monotonicMs();
  let isShown = false;
  return {
    show(done, total) {
      const rate = Math.round((done * 1_000) / Math.max(1, monotonicMs() - begun));
      if (!isShown) bar.start(total, 0, { rate });
      isShown = true;
      bar.setTotal(Math.max(done, total));
      bar.update(done, { rate });
    },
    end: () => {
      if (isShown) bar.stop();
      isShown = false;
    },
  };
}
