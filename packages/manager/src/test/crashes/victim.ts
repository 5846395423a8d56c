import { acts } from "./acts.js";
import { openScene, type Place } from "./scene.js";

/*
 * A process that does one thing, and kills itself when it comes to the given step for the given time. Without such a
 * step it ends by itself. It prints each step before it takes it.
 */
const { place, act, dieAt } = JSON.parse(process.argv[2] ?? "{}") as {
  place: Place;
  act: keyof typeof acts;
  dieAt: { step: string; time: number } | null;
};

let times = 0;
let acting = false;
const scene = await openScene(place, (step) => {
  if (!acting) return;
  process.stdout.write(`${step}\n`);
  if (step !== dieAt?.step) return;
  times += 1;
  if (times === dieAt.time) process.kill(process.pid, "SIGKILL");
});
acting = true;
await acts[act](scene);
acting = false;
await scene.close();
