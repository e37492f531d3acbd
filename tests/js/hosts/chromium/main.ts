import { runCase } from "../../harness.js";
import { runScenario } from "../../streams.js";

Object.assign(globalThis, { runCase, runScenario });
