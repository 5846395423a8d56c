/** `fail`: a promise is broken, or nothing works. `warn`: it slows a promise down, or a likely failure breaks one. */
export type Level = "ok" | "warn" | "fail";

export interface Verdict {
  readonly level: Level;
  /** What is there. */
  readonly found: string;
}

/** One thing that is checked, as a pure function over what was collected. */
export interface Check<Facts> {
  readonly id: string;
  /** What is asked for. */
  readonly wants: string;
  /** What breaks, or gets slow, without it. */
  readonly breaks: string;
  readonly mend: string;
  /** `null` where the facts say nothing about it. */
  look(facts: Facts): Verdict | null;
}

export const ok = (found: string): Verdict => ({ level: "ok", found });
export const warn = (found: string): Verdict => ({ level: "warn", found });
export const fail = (found: string): Verdict => ({ level: "fail", found });

/** The verdict if `isWell`, else a worse one. */
export const unless = (isWell: boolean, worse: (found: string) => Verdict, found: string): Verdict =>
  isWell ? ok(found) : worse(found);

export const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
