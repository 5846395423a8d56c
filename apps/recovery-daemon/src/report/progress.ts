import type { Logger, RecoveryProgress } from "@turnkeep/manager";

/** Where progress is drawn: a terminal, or anything else. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const width = 30;

function bar({ done, total }: RecoveryProgress): string {
  const filled = total === 0 ? width : Math.floor((done / total) * width);
  return `recovering games [${"#".repeat(filled)}${" ".repeat(width - filled)}] ${done}/${total}`;
}

/** Shows a recovery's progress: as a bar that redraws itself on a terminal, else as a log line at each tenth. */
export function recoveryProgress(stream: ProgressStream, logger: Logger): (progress: RecoveryProgress) => void {
  if (stream.isTTY) {
    return (progress) => {
      stream.write(`\r\u001b[K${bar(progress)}${progress.done >= progress.total ? "\n" : ""}`);
    };
  }
  let tenth = -1;
  return ({ done, total }) => {
    const reached = total === 0 ? 10 : Math.floor((done / total) * 10);
    if (reached === tenth) return;
    tenth = reached;
    logger.info({ done, total }, "recovering games");
  };
}
