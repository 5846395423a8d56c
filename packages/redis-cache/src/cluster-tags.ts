import { slotCount, tagOfSlot } from "./slot-tags.js";

const tagsAtOnce = 512;

/**
 * What one process knows of the many parts of a Cluster's dirty index, one a slot: which are worth asking, and when.
 * These are hints by this process's clock; the scores and Redis's clock decide what is due. Parts that others have
 * filled are found by asking all of them now and then.
 */
export class ClusterTags {
  private readonly dueAt = new Map<string, number>();
  private discoveredAt = Number.NEGATIVE_INFINITY;
  /** Dirty games in all slots, when they were last counted. */
  total = 0;

  constructor(private readonly discoverEveryMs: number) {}

  /** A game of this part is due within this time. */
  note(tag: string, withinMs: number): void {
    const dueAt = performance.now() + withinMs;
    if (dueAt < (this.dueAt.get(tag) ?? Number.POSITIVE_INFINITY)) this.dueAt.set(tag, dueAt);
  }

  /** This part was asked: its next game is due within this time, or it is empty. */
  asked(tag: string, nextWithinMs: number | null): void {
    this.dueAt.delete(tag);
    if (nextWithinMs !== null) this.note(tag, nextWithinMs);
  }

  /** Parts that may hold games due within this time, the most overdue first. */
  due(withinMs: number, limit: number): readonly string[] {
    const until = performance.now() + withinMs;
    return [...this.dueAt]
      .filter(([, at]) => at <= until)
      .sort(([, a], [, b]) => a - b)
      .slice(0, limit)
      .map(([tag]) => tag);
  }

  /** Asks every part how many games it holds, unless that was done lately. */
  async discover(count: (tag: string) => Promise<number>): Promise<void> {
    if (performance.now() - this.discoveredAt >= this.discoverEveryMs) await this.filled(count);
  }

  /** Asks every part how many games it holds, and returns those that hold some. */
  async filled(count: (tag: string) => Promise<number>): Promise<readonly string[]> {
    const cards = await countAll(count);
    const filled = cards.filter(([, games]) => games > 0);
    for (const [tag] of filled) if (!this.dueAt.has(tag)) this.note(tag, 0);
    this.total = filled.reduce((sum, [, games]) => sum + games, 0);
    this.discoveredAt = performance.now();
    return filled.map(([tag]) => tag);
  }
}

/** Each tag with what `count` says of it, some hundreds at once. */
async function countAll(count: (tag: string) => Promise<number>): Promise<readonly (readonly [string, number])[]> {
  const counted: (readonly [string, number])[] = [];
  for (let first = 0; first < slotCount; first += tagsAtOnce) {
    const tags = Array.from({ length: Math.min(tagsAtOnce, slotCount - first) }, (_, n) => tagOfSlot(first + n));
    counted.push(...(await Promise.all(tags.map(async (tag) => [tag, await count(tag)] as const))));
  }
  return counted;
}
