import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";
import { mastersOf } from "../redis-topology.js";

const moves = 8;

/** Slots of games that are played go to another master, keys and all, and stand still half-way for a moment. */
export const slotMoves: FaultRow = {
  name: "slot-moves",
  what: "slots of a Cluster move",
  checks: ["I3", "I5"],
  topology: "cluster",
  drainsWithinMs: 20_000,
  async inject(bed, chance) {
    const { topology } = bed;
    const cluster = topology?.cluster;
    if (topology === undefined || cluster === undefined) throw new Error("this row needs a Cluster");
    const client = topology.connect();
    try {
      await client.connect();
      const games = await Promise.all(mastersOf(client).map((node) => node.keys(`${bed.names.keyPrefix}game:*`)));
      const masters = await Promise.all([0, 6_000, 16_383].map((slot) => cluster.masterOf(slot)));
      for (let move = 0; move < moves; move++) {
        const key = chance.pick(games.flat());
        const slot = await cluster.slotOf(key);
        const from = await cluster.masterOf(slot);
        const others = masters.filter((port) => port !== from);
        bed.injected();
        await cluster.moveSlot(slot, others[chance.below(others.length)] ?? from, () => delay(chance.below(100)));
      }
    } finally {
      client.disconnect();
    }
  },
};
