import { conformance } from "./conformance.js";
import { runCase } from "./harness.js";

conformance("Node", runCase);
