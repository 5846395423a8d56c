/**
 * One exhaustive search of the model, and how it must end.
 * @typedef {{ name: string, expected: "holds" | "breaks", flags: readonly string[] }} Row
 */

/** @type {(name: string, flags: string) => Row} */
const holds = (name, flags) => ({ name, expected: "holds", flags: flags.split(" ").filter(Boolean) });
/** @type {(name: string, flags: string) => Row} */
const breaks = (name, flags) => ({ name, expected: "breaks", flags: flags.split(" ").filter(Boolean) });

const twoWriters = "NOA1 NOREC NOR NARCH=0";
const writerAndEnd = "NOA1 NOREC NOR NOB";

/**
 * What holds, with its faults; then what breaks when one mechanism is left out. model/settings.pml says what each flag
 * sets. README.md says of each row what it shows.
 * @type {readonly Row[]}
 */
export const rows = [
  holds("two-masters-healed", `SPLIT HEAL ${twoWriters}`),
  holds("no-faults", ""),
  holds("log-rewind", "LOG NOREC NOR NOB CRASH_REWIND=1"),
  holds("empty-durable", "NOA1 NOREC CRASH_EMPTY=1 NARCH=0"),
  holds("empty-archiver", "NOB NOREC CRASH_EMPTY=1"),
  holds("empty-two-archivers", "NOA1 NOB NOREC NOR NARCH=2 CRASH_EMPTY=1 DIE_R"),
  holds("empty-processes-die", "NOB NOA2 NOREC CRASH_EMPTY=1 DIE_F DIE_A DIE_R"),
  holds("empty-twice", "NOA1 NOB NOREC CRASH_EMPTY=2"),
  holds("rewind-archiver", `${writerAndEnd} CRASH_REWIND=1`),
  holds("rewind-two-writers", `${twoWriters} CRASH_REWIND=1`),
  holds("rewind-twice", "NOA1 NOA2 NOREC NARCH=0 CRASH_REWIND=2"),
  holds("rewind-twice-writers", `${twoWriters} CRASH_REWIND=2`),
  holds("rewind-classified-apart", `${twoWriters} CRASH_REWIND=1 CLASSIFY_APART`),
  holds("expiry-flusher-dies", "NOB NOREC EXPIRE=1 DIE_F"),
  holds("two-recoverers", "NOA1 NOB NOR NARCH=0 CRASH_EMPTY=1 TWOREC"),
  holds("retry", `LOSTREPLY=1 ${twoWriters}`),
  holds("retry-expired", `LOSTREPLY=1 ${twoWriters} EXPIRE=1`),
  holds("retry-wiped", `LOSTREPLY=1 ${twoWriters} CRASH_EMPTY=1`),
  holds("ack-lost", `LOSTACK ${twoWriters} EXPIRE=1`),
  holds("ack-lost-wiped", `LOSTACK ${twoWriters} CRASH_EMPTY=1`),
  holds("two-masters", `SPLIT ${twoWriters}`),
  holds("two-masters-end", "SPLIT NOA1 NOA2 NOREC NOR"),
  holds("two-masters-log", `SPLIT LOG ${twoWriters}`),
  holds("slot-moves", "MOVE=3 NOA1 NOREC NARCH=0 NOB"),
  holds("deletion", "DELETER DIE_D NOA1 NOREC NOB"),
  holds("deletion-wiped", `DELETER DIE_D ${writerAndEnd} NARCH=0 CRASH_EMPTY=1`),
  holds("creation", "CREATOR DELETER DIE_D NOA1 NOB NOREC NARCH=0"),
  holds("quarantine", "QUARANTINER DIE_D NOREC NOB"),
  holds("log-empty", `LOG ${twoWriters} CRASH_EMPTY=1`),
  holds("store-restored", `STORE_REWIND COMPARE ${twoWriters} EXPIRE=1`),
  holds("created-since", `STORE_REWIND COMPARE YOUNG ${twoWriters}`),
  holds("created-since-deleted", "STORE_REWIND COMPARE YOUNG DELETER DIE_D NOA1 NOB NOREC NARCH=0"),
  holds("metadata", "METADATA NOA1 NOA2 NOB NOREC NARCH=0 EXPIRE=1"),
  holds("metadata-restored", "METADATA STORE_REWIND COMPARE NOA1 NOA2 NOB NOREC NARCH=0 EXPIRE=1"),
  holds("metadata-created-since", "METADATA STORE_REWIND COMPARE YOUNG NOA1 NOA2 NOB NOREC NARCH=0"),
  holds("both-restored", `STORE_REWIND LOCAL ONLY=1 ${twoWriters} CRASH_EMPTY=1`),

  breaks("without-epoch", `NO_EPOCH ${twoWriters} CRASH_REWIND=1`),
  breaks("without-fence", "NO_FENCE NOA1 NOREC NOR CRASH_EMPTY=1"),
  breaks("without-base", `NO_BASE SPLIT ${twoWriters}`),
  breaks("without-base-end", "NO_BASE SPLIT NOA1 NOA2 NOREC NOR"),
  breaks("fences-restored", `FENCE_RESTORED STORE_REWIND LOCAL ONLY=1 ${twoWriters} CRASH_EMPTY=1`),
  breaks("restored-not-compared", `NO_COMPARE COMPARE STORE_REWIND NOB ${twoWriters}`),
  breaks("metadata-lost", "NO_METADATA_COMPARE METADATA STORE_REWIND COMPARE NOA1 NOA2 NOB NOREC NARCH=0"),
  breaks("created-since-lost", `NO_RECREATE STORE_REWIND COMPARE YOUNG NOB ${twoWriters}`),
  breaks("deleted-unmarked", "NO_MARK STORE_REWIND COMPARE YOUNG DELETER NOA1 NOB NOREC NARCH=0"),
  breaks("without-token", "NO_TOKEN NOA1 NOA2 NOB NOREC EXPIRE=2"),
  breaks("token-without-replid", `NO_TOKGEN ${twoWriters} CRASH_REWIND=2`),
  breaks("adopt-keeps-token", "ADOPT_KEEPS_TOKEN MOVE=3 NOA1 NOREC NARCH=0 NOB"),
  breaks("last-write-id-only", `WIDLAST LOSTREPLY=1 ${twoWriters}`),
  breaks("write-ids-in-redis", `WIDLIST LOSTREPLY=1 ${twoWriters} EXPIRE=1`),
  breaks("write-ids-wiped", `WIDLIST LOSTREPLY=1 ${twoWriters} CRASH_EMPTY=1`),
  breaks("facts-apart", `FACTS_APART ${twoWriters}`),
  breaks("own-entries-only", "LOG OWN_ENTRIES NOB NOREC NOR NARCH=0"),
  breaks("ack-before-flush", `ACK_FIRST ${twoWriters} EXPIRE=1`),
  breaks("flush-may-insert", "UPSERT NOA1 NOREC NOR"),
  breaks("dirty-mark-outside", "SPLIT_INDEX NOA2 NOB NARCH=0 NOREC"),
  breaks("dirty-mark-conditional", "SPLIT_COND NOA2 NOB NARCH=0 NOREC"),
  breaks("ttl-on-dirty", "TTL_DIRTY NOREC NOB NOR NARCH=0 EXPIRE=1"),
  breaks("blind-recovery", "BLIND_RECOVER NOA1 NOR NARCH=0"),
  breaks("without-tombstone", "NO_TOMBSTONE CREATOR DELETER NOA1 NOB NOREC NARCH=0"),
  breaks("evict-before-delete", "EVICT_FIRST DELETER NOA1 NOB NOREC NARCH=0"),
  breaks("evict-without-row", "EVICT_UNSEEN CREATOR DELETER NOA1 NOB NOREC NARCH=0"),
  breaks("flush-over-quarantine", "FLUSH_QUARANTINED QUARANTINER NOREC NARCH=0 NOB"),
  breaks("log-apart-from-row", `LOG LOG_APART ${writerAndEnd} CRASH_EMPTY=1`),
  breaks("log-trimmed-whole", "LOG TRIM_ALL NOREC NOR NOB"),
  ...[1, 2, 3, 4, 5].map((n) => breaks(`naive-I${n}`, `NAIVE ONLY=${n}`)),
];
