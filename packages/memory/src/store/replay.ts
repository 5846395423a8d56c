import type { EntryText, StateText } from "@turnkeep/game-state/ports";

export interface ReplayParts {
  readonly initialState: StateText | null;
  readonly log: readonly EntryText[];
  readonly rules: string;
  readonly finalState: StateText | null;
}

/** The replay as JSON text, put together from texts that nobody decodes: every byte is as it was written. */
export function composeReplay({ initialState, log, rules, finalState }: ReplayParts, extra = "{}"): string {
  const own = [
    `"initialState":${initialState ?? "null"}`,
    `"log":[${log.join(",")}]`,
    `"rules":${rules}`,
    `"finalState":${finalState ?? "null"}`,
  ];
  const added = extra.trim().slice(1, -1).trim();
  return `{${(added === "" ? own : [...own, added]).join(",")}}`;
}
