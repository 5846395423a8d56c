import { describe } from "vitest";
import { inMemory } from "./testing/places.js";
import { storageSuite } from "./testing/storage-suite.js";

describe("the storage, in memory", () => storageSuite(inMemory));
