import { testScenarios } from "../testing/test-scenarios.js";
import { allScenarios } from "./all-scenarios.js";

// In two files, so that two scenarios run at once.
testScenarios(allScenarios.filter(({ onDemand }) => !onDemand).filter((_, n) => n % 2 === 1));
