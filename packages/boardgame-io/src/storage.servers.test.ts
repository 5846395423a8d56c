import { describe } from "vitest";
import { onServers } from "./testing/places.js";
import { storageSuite } from "./testing/storage-suite.js";

describe("the storage, on real servers", () => storageSuite(() => onServers()));
