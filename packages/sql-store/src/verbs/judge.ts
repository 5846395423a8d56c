import { compareDecimals, compareVersions, findWrite, lineageOf, type Version } from "@turnkeep/game-state/core";
import type { FlushItem, FlushOutcome } from "@turnkeep/game-state/ports";
import { versionOf } from "../rows.js";
import type { LocatedRow } from "../statements/locate-games.js";

/** What of a row decides about a copy. */
interface HeldRow {
  readonly lineage: string;
  readonly revision: string;
  readonly fence: string;
}

/** Where a row stands beside a copy that would be written over it; `null` where nothing speaks against it. */
export type Standing =
  | { readonly kind: "fork"; readonly rowVersion: Version }
  | { readonly kind: "fence"; readonly fence: string };

/** `fork`: the row's lineage is higher. `fence`: else, where the fences differ. */
export function standingOf(row: HeldRow, copy: Pick<FlushItem, "version" | "fence">): Standing | null {
  const rowVersion = versionOf(row);
  if (compareDecimals(row.lineage, lineageOf(copy.version)) > 0) return { kind: "fork", rowVersion };
  return row.fence === copy.fence ? null : { kind: "fence", fence: row.fence };
}

/**
 * What became of a copy that a flush did not write, judged by the row as a later statement found it. The order is the
 * protocol's: contained, fork, fence, gone, quarantined, orphan. `null`: nothing speaks against it by now.
 */
export function judge(row: LocatedRow, item: FlushItem): FlushOutcome | null {
  const { gameId } = item;
  if (row.lineage !== null && row.revision !== null && row.fence !== null) {
    const held = { lineage: row.lineage, revision: row.revision, fence: row.fence };
    const rowVersion = versionOf(held);
    const sameLineage = row.lineage === lineageOf(item.version);
    const remembered = item.writeId !== undefined && findWrite(row.write_ids ?? "", item.writeId) !== null;
    if (remembered || (sameLineage && compareVersions(rowVersion, item.version) >= 0)) {
      return { gameId, kind: "contained", rowVersion };
    }
    const standing = standingOf(held, item);
    if (standing) return { gameId, ...standing };
  }
  if (row.status === "archived" || row.status === "deleted") return { gameId, kind: "gone", status: row.status };
  if (row.status === "quarantined") return { gameId, kind: "quarantined" };
  return row.status === "missing" ? { gameId, kind: "orphan" } : null;
}
