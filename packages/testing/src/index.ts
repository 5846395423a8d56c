export { type CheckOptions, checkGame, findFaults, type GameReport } from "./check-game.js";
export type { GameUnderTest } from "./game-under-test.js";
export type { Finding } from "./play/random-plays.js";
export { type Simulation, type SimulationOptions, simulate } from "./simulate/simulate.js";
