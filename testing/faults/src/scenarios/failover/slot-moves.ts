import { sleep } from "../../clock.js";
import { mastersOf } from "../../stores/redis-topology.js";
import type { Scenario } from "../scenario.js";

const moves = 8;

/** Slots of games that are played move to another master with all their keys, and pause half-way. */
export const slotMoves: Scenario = {
  name: "slot-moves",
  title: "slots of a Cluster move",
  checks: ["I3", "I5"],
  topology: "cluster",
  drainsWithinMs: 20_000,
  async inject(environment, chance) {
    const { topology } = environment;
    const cluster = topology?.cluster;
    if (topology === undefined || cluster === undefined) throw new Error("this scenario needs a Cluster");
    const client = topology.connect();
    try {
      await client.connect();
      const games = await Promise.all(
        mastersOf(client).map((node) => node.keys(`${environment.names.keyPrefix}game:*`)),
      );
      const masters = await Promise.all([0, 6_000, 16_383].map((slot) => cluster.masterOf(slot)));
      for (let move = 0; move < moves; move++) {
        const key = chance.pick(games.flat());
        const slot = await cluster.slotOf(key);
        const from = await cluster.masterOf(slot);
        const others = masters.filter((port) => port !== from);
        environment.countFault();
        await cluster.moveSlot(slot, others[chance.below(others.length)] ?? from, () => sleep(chance.below(100)));
      }
    } finally {
      client.disconnect();
    }
  },
};
