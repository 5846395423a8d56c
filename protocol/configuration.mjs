/** @type {(count: number, one: string, many?: string) => string} */
const so = (count, one, many = `${one}s`) => (count === 0 ? "" : `${count} ${count === 1 ? one : many}`);
/** @type {(...parts: readonly (string | false)[]) => string} */
const listed = (...parts) => parts.filter(Boolean).join(", ");

/**
 * Who takes part in a row, and what goes wrong, as its flags say: the bounds within which it is searched. A flusher is
 * always at work, and every process tries twice.
 * @param {import("./rows.mjs").Row} row
 * @returns {string}
 */
export function configurationOf({ flags }) {
  const has = (/** @type {string} */ flag) => flags.includes(flag);
  const count = (/** @type {string} */ flag, otherwise = 0) => {
    const given = flags.find((it) => it.startsWith(`${flag}=`));
    return given === undefined ? otherwise : Number(given.slice(flag.length + 1));
  };
  if (has("NAIVE")) return "1 write, 2 durable, 2 ends, 2 looks";
  const sweeps = has("BLIND_RECOVER") || has("NOREC") ? 0 : 1 + Number(has("TWOREC"));
  const roles = listed(
    so(Number(!has("NOA1")), "write"),
    so(Number(!has("NOA2")) + Number(!has("NOB")), "durable", "durable"),
    has("METADATA") && "2 changes of metadata",
    has("LOCAL") && "1 durable over a local copy",
    so(count("NARCH", 1), "end"),
    so(Number(!has("NOR")) + sweeps, "look"),
    has("BLIND_RECOVER") && "1 blind recovery",
    has("CREATOR") && "1 creation, retried",
    has("DELETER") && "1 deletion",
    has("QUARANTINER") && "1 quarantine",
  );
  const faults = listed(
    so(count("CRASH_EMPTY"), "wipe"),
    so(count("CRASH_REWIND"), "rewind"),
    so(count("EXPIRE"), "expiry", "expiries"),
    so(count("MOVE"), "move"),
    so(count("LOSTREPLY"), "lost reply", "lost replies"),
    has("LOSTACK") && "lost acknowledgements",
    has("SPLIT") && "2 masters",
    has("STORE_REWIND") && "1 backup restored",
    so(flags.filter((flag) => flag.startsWith("DIE_")).length, "death"),
  );
  return faults === "" ? roles : `${roles}; ${faults}`;
}
