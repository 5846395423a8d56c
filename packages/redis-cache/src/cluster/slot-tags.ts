import calculateSlot from "cluster-key-slot";

/** How many slots a Redis Cluster has. */
export const slotCount = 16_384;

let tags: string[] | undefined;

/** A short tag for each slot: the first number in base 36 that hashes to it. Takes some milliseconds, once. */
function findTags(): string[] {
  const found = new Array<string>(slotCount);
  let missing = slotCount;
  for (let n = 0; missing > 0; n++) {
    const tag = n.toString(36);
    const slot = calculateSlot(tag);
    if (found[slot] !== undefined) continue;
    found[slot] = tag;
    missing--;
  }
  return found;
}

/** The tag of a slot, always the same in every process: a key `…{tag}` lies in that slot. */
export function tagOfSlot(slot: number): string {
  tags ??= findTags();
  const tag = tags[slot];
  if (tag === undefined) throw new RangeError(`a slot is a number from 0 to ${slotCount - 1}`);
  return tag;
}
