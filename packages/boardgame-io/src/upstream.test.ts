import { describe } from "vitest";
import { inMemory } from "./testing/places.js";
import { upstreamSuite } from "./testing/upstream-suite.js";

describe("boardgame.io's own tests of a storage pass in memory", () => upstreamSuite(inMemory));
