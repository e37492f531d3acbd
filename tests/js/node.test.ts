import { conformance } from "./conformance.js";
import { runCase } from "./harness.js";
import { scenarios } from "./scenarios.js";
import { runScenario } from "./streams.js";

conformance("Node", runCase);
scenarios("Node", runScenario);
