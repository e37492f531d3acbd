import { conformance } from "./shared/conformance.js";
import { runCase } from "./shared/harness.js";
import { scenarios } from "./shared/scenarios.js";
import { runScenario } from "./shared/streams.js";

conformance("Node", runCase);
scenarios("Node", runScenario);
