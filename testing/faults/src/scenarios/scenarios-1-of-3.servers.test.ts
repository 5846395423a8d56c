import { testScenarios } from "../testing/test-scenarios.js";

testScenarios(1);
