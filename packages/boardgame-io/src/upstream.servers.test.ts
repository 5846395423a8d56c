import { describe } from "vitest";
import { onServers } from "./testing/places.js";
import { upstreamSuite } from "./testing/upstream-suite.js";

describe("boardgame.io's own tests of a storage pass on real servers", () => upstreamSuite(() => onServers()));
