import { acts } from "./acts.js";
import { openScene, type Place } from "./scene.js";

/*
 * A process that does one thing, and kills itself at the step with that number. With a number that is never reached it
 * ends by itself. It prints each step before it takes it.
 */
const { place, act, dieAt } = JSON.parse(process.argv[2] ?? "{}") as {
  place: Place;
  act: keyof typeof acts;
  dieAt: number;
};

let steps = 0;
let acting = false;
const scene = await openScene(place, (step) => {
  if (!acting) return;
  process.stdout.write(`${step}\n`);
  steps += 1;
  if (steps === dieAt) process.kill(process.pid, "SIGKILL");
});
acting = true;
await acts[act](scene);
acting = false;
await scene.close();
