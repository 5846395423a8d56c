import { compareVersions, containsRow, findWrite, lineageOf, type Version } from "@turnkeep/core";
import type { FlushItem, FlushOutcome } from "@turnkeep/core/ports";
import { versionOf } from "../../schema/rows.js";
import type { StatusRow } from "../game/status.js";

/** What of a row decides about a copy. */
interface HeldRow {
  readonly lineage: string;
  readonly revision: string;
  readonly fence: string;
}

/** How a row stands to a copy that would be written over it; `null` if it may be written. */
export type Standing =
  | { readonly kind: "fork"; readonly rowVersion: Version }
  | { readonly kind: "fence"; readonly fence: string };

/** `fork`: the row has what the copy lacks. `fence`: else, if the fences differ. */
export function standingOf(row: HeldRow, copy: Pick<FlushItem, "version" | "base" | "fence">): Standing | null {
  const rowVersion = versionOf(row);
  if (!containsRow(copy, rowVersion)) return { kind: "fork", rowVersion };
  return row.fence === copy.fence ? null : { kind: "fence", fence: row.fence };
}

/**
 * What became of a copy that a flush did not write, by the row as a later statement found it. A write that the row
 * remembers is contained, no matter what became of the game since. A closed row is reported before versions are compared,
 * since there is nothing to reset or adopt for it. `null`: a flush of the copy would pass by now.
 */
export function classify(row: StatusRow, item: FlushItem): FlushOutcome | null {
  const { gameId } = item;
  if (row.status === "missing") return { gameId, kind: "orphan" };
  const held = heldBy(row);
  if (held && item.writeId !== undefined && findWrite(held.writeIds, item.writeId) !== null) {
    return { gameId, kind: "contained", rowVersion: versionOf(held) };
  }
  if (row.status === "archived" || row.status === "deleted") return { gameId, kind: "gone", status: row.status };
  if (row.status === "quarantined") return { gameId, kind: "quarantined" };
  if (!held) return null;
  const rowVersion = versionOf(held);
  if (held.lineage === lineageOf(item.version) && compareVersions(rowVersion, item.version) >= 0) {
    return { gameId, kind: "contained", rowVersion };
  }
  const standing = standingOf(held, item);
  return standing && { gameId, ...standing };
}

function heldBy({ lineage, revision, fence, write_ids }: StatusRow): (HeldRow & { writeIds: string }) | null {
  if (lineage === null || revision === null || fence === null) return null;
  return { lineage, revision, fence, writeIds: write_ids ?? "" };
}
